import { setTimeout as sleep } from 'node:timers/promises';
import { startWithoutRegistry } from '../faults/registry-down.js';
import { secondsUntilProcessing, underWay } from '../harness/progress.js';
import { Stage, type StageOptions } from '../harness/stage.js';
import { FaultProxy } from '../proxy/fault-proxy.js';
import { type Figure, oneByOne, type OneSeed, type Trial, type TrialResult } from '../trial.js';
import { churn } from './membership-churn.js';

type Recovery = (stage: Stage) => Promise<Figure[]>;

/** Both services run with the settings of production; what is measured happens to them. */
async function staged(options: StageOptions, work: Recovery): Promise<TrialResult> {
  const stage = await Stage.open({ pace: 'production', load: { refuseEvery: 0 }, ...options });
  try {
    await Promise.all([stage.start('quests').ready, stage.start('dashboard').ready]);
    await underWay(stage);
    const figures = await work(stage);
    const { verdict } = await stage.rest();
    return { verdict, figures, troubles: stage.troubles };
  } finally {
    await stage.end();
  }
}

async function brokerBack({ parts, seed, quick }: OneSeed): Promise<TrialResult> {
  return staged({ addresses: parts.addresses, seed }, async (stage) => {
    await parts.stopBroker(0);
    await sleep(quick ? 5_000 : 30_000);
    await parts.startBroker(0);
    return [{ what: 'processing after the broker is back', value: await secondsUntilProcessing(stage), unit: 's', atMost: 30 }];
  });
}

async function blackHole({ parts, seed }: OneSeed): Promise<TrialResult> {
  const ports = parts.addresses.brokers.map((broker) => Number(broker.split(':')[1]));
  const proxies = await Promise.all(ports.map((port) => FaultProxy.open({ target: { port } })));
  const via = Object.fromEntries(proxies.map((proxy, index) => [String(ports[index]), proxy.port]));
  try {
    return await staged({ addresses: parts.addresses, seed, via }, async (stage) => {
      for (const proxy of proxies) proxy.freezeOpen();
      // What the consumer had fetched before does not count.
      await sleep(1_000);
      return [{ what: 'processing after open sockets went silent', value: 1 + (await secondsUntilProcessing(stage)), unit: 's', atMost: 60 }];
    });
  } finally {
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
}

async function terminated({ parts, seed }: OneSeed): Promise<TrialResult> {
  const stage = await Stage.open({ addresses: parts.addresses, seed, pace: 'production', load: { writers: 4, pauseMs: 2 } });
  try {
    const services = [stage.start('quests'), stage.start('dashboard')];
    await Promise.all(services.map(({ ready }) => ready));
    await underWay(stage);
    await sleep(2_000);
    const times = await Promise.all(services.map((service) => stage.stop(service)));
    await Promise.all([stage.start('quests').ready, stage.start('dashboard').ready]);
    const { verdict } = await stage.rest();
    const figures = times.map((ms, index): Figure => ({ what: `${index === 0 ? 'publisher' : 'consumer'} out after SIGTERM under load`, value: ms / 1_000, unit: 's', atMost: 10 }));
    return { verdict, figures, troubles: stage.troubles };
  } finally {
    await stage.end();
  }
}

async function registryBack(context: OneSeed): Promise<TrialResult> {
  const { backAfterS, ...result } = await startWithoutRegistry(context, context.quick ? 5_000 : 120_000);
  return { ...result, figures: [{ what: 'processing after the registry is back, caches cold', value: backAfterS, unit: 's', atMost: 10 }] };
}

export const recoveries: readonly Trial[] = [
  { name: 'broker-back', what: 'broker away for 30 s', kind: 'measure', run: oneByOne(brokerBack) },
  { name: 'black-hole', what: 'open sockets to the broker go silent', kind: 'measure', run: oneByOne(blackHole) },
  { name: 'registry-back', what: 'registry away for 2 minutes, services started meanwhile', kind: 'measure', run: oneByOne(registryBack) },
  { name: 'sigterm-under-load', what: 'both services are told to stop in the midst of work', kind: 'measure', run: oneByOne(terminated) },
  {
    name: 'membership-churn', what: 'a second instance comes every 5 s, and the one before goes', kind: 'measure',
    run: oneByOne(({ parts, seed, quick }) => staged({ addresses: parts.addresses, seed }, (stage) => churn(stage, quick ? 20_000 : 180_000))),
  },
];
