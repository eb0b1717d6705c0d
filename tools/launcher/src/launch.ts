import { readFile } from 'node:fs/promises';
import { ensureCredentialsKey, ensureSigningKeys } from '@lifeos/cli';
import { messageOf, tailOf } from '@lifeos/local';
import colors from 'picocolors';
import { emptyData, type Folders, localFolders } from './folders.js';
import { release } from './release.js';
import { removeRunFile, type RunFile, writeRunFile } from './run-file.js';
import { takeLock } from './single-instance.js';
import { type LivePart, type Parts, startParts } from './start-parts.js';
import { type RunningServices, startServices } from './start-services.js';
import type { StoryLength } from './story/story.js';
import { stopEverything, type StopRequest, watchForStop } from './stop.js';
import { tellStory } from './tell-story.js';
import { createTerminal, table, type Terminal } from './terminal.js';

export interface LaunchOptions {
  /** Stop again after the story. */
  readonly once: boolean;
  /** `short` is the first day alone. */
  readonly story: StoryLength | 'none';
  /** Empty all data first. */
  readonly reset: boolean;
}

interface Stack {
  readonly parts: Parts;
  readonly services: RunningServices;
}

/** Starts everything, tells the story, stays until it is told to stop, and leaves nothing behind. Resolves to the exit code. */
export async function launch(options: LaunchOptions): Promise<number> {
  const terminal = createTerminal();
  const folders = localFolders();
  let unlock: (() => Promise<void>) | undefined;
  try {
    unlock = await takeLock(folders.lock, folders.runFile);
    return await run(options, folders, terminal);
  } catch (error) {
    terminal.say(`${colors.red('✗')} ${messageOf(error)}`);
    return 1;
  } finally {
    await unlock?.();
  }
}

async function run(options: LaunchOptions, folders: Folders, terminal: Terminal): Promise<number> {
  const stop = watchForStop(terminal);
  const starting = start(options, folders, terminal);
  try {
    const stack = await Promise.race([starting, stop.requested]);
    if (stack === 'stop') return 130;
    reportDeaths([...stack.parts.live, ...Object.values(stack.services)], terminal, stop);
    const { story } = options;
    const told = story === 'none' ? true : await Promise.race([tell(stack, story, { folders, terminal }), stop.requested]);
    if (options.once) return told === true ? 0 : 1;
    if (told !== 'stop') terminal.say('\nCtrl-C stops everything.');
    await stop.requested;
    return 0;
  } finally {
    await stopEverything(terminal, stop);
    await starting.catch(() => undefined);
    await removeRunFile(folders.runFile);
  }
}

async function start(options: LaunchOptions, folders: Folders, terminal: Terminal): Promise<Stack> {
  if (options.reset) {
    await emptyData(folders);
    terminal.say('All local data is emptied.');
  }
  await removeRunFile(folders.runFile);
  const [parts] = await Promise.all([startParts(folders, terminal, process.env), ensureSigningKeys(folders.keys), ensureCredentialsKey(folders.keys.credentialsKeyFile)]);
  await release(parts, terminal);
  const services = await terminal.step(
    'Services',
    (log) => startServices({ folders, parts, keys: folders.keys, log }),
    (running) => `${Object.keys(running).length} ready`,
  );
  await writeRunFile(folders.runFile, runFileOf(parts, services));
  terminal.say(`\n${table(Object.values(services).map(({ name, url, logFile }) => [name, url, logFile]))}\n`);
  return { parts, services };
}

function runFileOf({ kafka, registry, postgres }: Parts, services: RunningServices): RunFile {
  const running = Object.values(services).map(({ name, url, pid }) => [name, { url, pid }] as const);
  return { kafka, registry, postgres, services: Object.fromEntries(running) };
}

/** Whether the story went as told. A failed one leaves the services up, to be looked at. */
async function tell({ parts, services }: Stack, length: StoryLength, { folders, terminal }: { folders: Folders; terminal: Terminal }): Promise<boolean> {
  const urls = Object.fromEntries(Object.values(services).map(({ name, url }) => [name, url]));
  const privateKey = await readFile(folders.keys.privateKeyFile, 'utf8');
  const stage = { urls, brokers: parts.kafka.brokers, registryUrl: parts.registry.url, privateKey };
  const missing = await tellStory(stage, length, terminal.say).catch((error: unknown) => [messageOf(error)]);
  for (const line of missing) terminal.say(`${colors.red('✗')} The story: ${line}`);
  return missing.length === 0;
}

function reportDeaths(parts: readonly LivePart[], terminal: Terminal, stop: StopRequest): void {
  for (const { name, exited, logFile } of parts) {
    void exited.then(async (how) => {
      if (stop.isRequested()) return;
      terminal.say(`${colors.red('✗')} ${name} ended (${how}). The end of ${logFile}:\n${await tailOf(logFile)}`);
    });
  }
}
