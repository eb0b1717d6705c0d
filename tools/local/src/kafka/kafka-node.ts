import { execFile } from 'node:child_process';
import { access, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { LocalError, messageOf } from '../errors.js';
import { type Log } from '../log.js';
import { startProcess, waitUntilReady } from '../processes/managed-process.js';
import { reapStale } from '../processes/pid-file.js';
import { type ClusterLayout, log4jProperties, type NodeLayout, serverProperties } from './server-properties.js';

const run = promisify(execFile);

export interface NodeStart {
  readonly java: string;
  readonly jars: readonly string[];
  readonly layout: ClusterLayout;
  readonly node: NodeLayout;
  readonly clusterId: string;
  readonly dir: string;
  readonly log: Log;
}

export interface RunningNode {
  readonly broker: string;
  readonly pid: number;
  readonly exited: Promise<string>;
  stop(): Promise<void>;
  /** Starts it again on its port and its data, after it ended in whatever way. */
  restart(): Promise<RunningNode>;
}

const pidFileIn = (dir: string): string => join(dir, 'kafka.pid.json');

/** Ends the node that a crashed start left running in `dir`. @throws LocalError DATA_IN_USE when its starter still lives. */
export const reapStaleNode = (dir: string, log: Log): Promise<void> => reapStale(pidFileIn(dir), 'Kafka', log);

export async function startNode(start: NodeStart): Promise<RunningNode> {
  const name = start.layout.nodes.length === 1 ? 'Kafka' : `Kafka node ${start.node.id}`;
  const pidFile = pidFileIn(start.dir);
  const logFile = join(start.dir, 'kafka.log');
  const properties = join(start.dir, 'server.properties');
  const data = join(start.dir, 'data');
  await reapStale(pidFile, name, start.log);
  await mkdir(start.dir, { recursive: true });
  await writeFile(properties, serverProperties(start.layout, start.node, data));
  await writeFile(join(start.dir, 'log4j2.properties'), log4jProperties);
  await format(start, { properties, data, name });
  const logStart = await sizeOf(logFile);
  const started = await startProcess({ name, rank: 'broker', command: start.java, args: [...javaArgs(start), 'kafka.Kafka', properties], cwd: start.dir, logFile, pidFile });
  await waitUntilReady(started, {
    name,
    logFile,
    timeoutMs: 120_000,
    ready: async () => (await textFrom(logFile, logStart)).includes('Kafka Server started'),
  }).catch(async (error: unknown) => {
    await started.stop();
    throw error;
  });
  return { broker: `127.0.0.1:${start.node.port}`, pid: started.pid, exited: started.exited, stop: () => started.stop(), restart: () => startNode(start) };
}

/** Serial collector and first-tier compiler: half the memory and start time, enough for one machine. */
const javaArgs = ({ jars, dir }: NodeStart): string[] => [
  '-Xmx384m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Djava.awt.headless=true',
  `-Dlog4j2.configurationFile=${join(dir, 'log4j2.properties')}`,
  '-cp',
  jars.join(delimiter),
];

/** A data folder cut short by a crash has no meta.properties, and is formatted anew. */
async function format(start: NodeStart, { properties, data, name }: { properties: string; data: string; name: string }): Promise<void> {
  if (await exists(join(data, 'meta.properties'))) return;
  start.log(`formatting the data folder of ${name}`);
  await rm(data, { recursive: true, force: true });
  await run(start.java, [...javaArgs(start), 'kafka.tools.StorageTool', 'format', '-t', start.clusterId, '-c', properties]).catch((error: unknown) => {
    throw new LocalError('PART_FAILED', `${name} could not format ${data}: ${messageOf(error)}`, false, { cause: error });
  });
}

async function textFrom(file: string, position: number): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read({ buffer: Buffer.alloc(Math.max(0, size - position)), position });
    return buffer.toString('utf8');
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file, 'a');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
