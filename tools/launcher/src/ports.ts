import { services } from '@lifeos/cli';
import { findPort, type Log } from '@lifeos/local';

/** Where everything listens on 127.0.0.1 after `npm start`, unless the port is busy: then the next free one, said aloud. */
export const defaultPorts = {
  quests: 3001,
  dashboard: 3002,
  achievements: 3003,
  stats: 3004,
  journal: 3005,
  analytics: 3006,
  skills: 3007,
  integrations: 3008,
  postgres: 5432,
  registry: 8081,
  kafka: 9092,
} as const;

export type PortName = keyof typeof defaultPorts;

/** A port for each service, none given twice. */
export async function findServicePorts(log: Log): Promise<Record<(typeof services)[number], number>> {
  const taken = new Set<number>();
  const found: Partial<Record<PortName, number>> = {};
  const all = new Set(Object.values<number>(defaultPorts));
  for (const service of services) {
    // What another part has as its default is not taken from it.
    const others = new Set([...all].filter((port) => port !== defaultPorts[service]));
    const port = await findPort(service, defaultPorts[service], log, new Set([...taken, ...others]));
    taken.add(port);
    found[service] = port;
  }
  return found as Record<(typeof services)[number], number>;
}
