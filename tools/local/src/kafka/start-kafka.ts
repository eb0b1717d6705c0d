import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kafkaJars } from '../artifacts/kafka-jars.js';
import { findPort, releasePort } from '../free-port.js';
import { findJava } from '../java.js';
import { type Log, silent } from '../log.js';
import { reapStaleNode, type RunningNode, startNode } from './kafka-node.js';
import { certificateOf, type Credentials, securityIn } from './security.js';
import { type ClusterLayout } from './server-properties.js';

export interface KafkaOptions {
  /** Keeps data and logs, one folder a node; made when missing. */
  readonly dataDir: string;
  /** Of the first node, the next ones follow; the next free one is taken when it is busy. Default any free ones. */
  readonly port?: number;
  readonly log?: Log;
  /** 1, or 3 for a cluster with replication 3 and min.insync.replicas 2. Fixed by the first start of a data folder. */
  readonly nodes?: 1 | 3;
  /** The broker listens by SASL_SSL, and knows this user alone. Default plain text for everyone on the machine. */
  readonly security?: Credentials;
}

export interface RunningKafka {
  /** `host:port` of every node. */
  readonly brokers: string[];
  /** Of the first node. */
  readonly pid: number;
  readonly nodes: readonly RunningNode[];
  /** PEM that clients must trust, when the broker listens by SASL_SSL. */
  readonly certificate?: string;
  /** Settles when any node has ended. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** A Kafka (KRaft, no ZooKeeper) on 127.0.0.1 that serves when the promise resolves. Data of an earlier start is used again. */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const log = options.log ?? silent;
  const [java, jars] = await Promise.all([findJava(log), kafkaJars(log)]);
  const security = options.security && (await securityIn(join(options.dataDir, 'security'), java, options.security));
  // Before ports are sought: what is left of a crash holds the usual ones.
  await Promise.all(Array.from({ length: options.nodes ?? 1 }, (_, index) => reapStaleNode(folderOf(options, index + 1), log)));
  const layout = { ...(await layoutOf(options, log)), ...(security && { security }) };
  const clusterId = await clusterIdIn(options.dataDir);
  const started = await Promise.allSettled(
    layout.nodes.map((node) => startNode({ java, jars, layout, node, clusterId, log, dir: folderOf(options, node.id) })),
  );
  for (const { port, controllerPort } of layout.nodes) [port, controllerPort].forEach(releasePort);
  const nodes = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = started.find((result) => result.status === 'rejected');
  const [first] = nodes;
  if (failed !== undefined || first === undefined) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw failed?.reason;
  }
  return {
    brokers: nodes.map(({ broker }) => broker),
    pid: first.pid,
    nodes,
    ...(security && { certificate: await certificateOf(security) }),
    exited: Promise.race(nodes.map(({ exited }) => exited)),
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  };
}

const folderOf = ({ dataDir }: KafkaOptions, id: number): string => join(dataDir, `node-${id}`);

async function layoutOf({ nodes = 1, port }: KafkaOptions, log: Log): Promise<ClusterLayout> {
  const layout: { id: number; port: number; controllerPort: number }[] = [];
  let next = port;
  for (let id = 1; id <= nodes; id += 1) {
    const taken = await findPort('Kafka', next, log);
    next = port === undefined ? undefined : taken + 1;
    layout.push({ id, port: taken, controllerPort: await findPort('Kafka controller') });
  }
  return { nodes: layout };
}

/** Kafka wants 16 bytes in base64url; made once a data folder. */
async function clusterIdIn(dataDir: string): Promise<string> {
  const file = join(dataDir, 'cluster-id');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known !== '') return known;
  await mkdir(dataDir, { recursive: true });
  const id = newClusterId();
  await writeFile(file, id);
  return id;
}

function newClusterId(): string {
  const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64url');
  // StorageTool takes a leading dash for an option.
  return id.startsWith('-') ? newClusterId() : id;
}
