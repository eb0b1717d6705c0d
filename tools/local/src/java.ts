import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { LocalError, messageOf } from './errors.js';
import { type Log } from './log.js';
import { cacheFolder, packageRoot } from './paths.js';
import { versions } from './versions.js';

const run = promisify(execFile);
const executable = process.platform === 'win32' ? 'java.exe' : 'java';

/** Puts a Java into the folder `jre` of `folder`. */
export type JavaDownload = (folder: string) => Promise<unknown>;

export interface JavaSearch {
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly download?: JavaDownload;
}

/** By the folder they fill: broker and registry start, and ask, at the same time. */
const fetching = new Map<string, Promise<string>>();

/**
 * The path of a Java of at least `versions.java`: JAVA_HOME, then PATH, then one fetched into the cache.
 * @throws LocalError JAVA_MISSING when none is there and none can be fetched
 */
export async function findJava(log: Log, { env = process.env, download = fromAdoptium }: JavaSearch = {}): Promise<string> {
  const home = env['JAVA_HOME'];
  const installed = [...(home ? [join(home, 'bin', executable)] : []), executable];
  for (const java of installed) {
    if ((await majorOf(java, env)) >= versions.java) return java;
  }
  const folder = join(cacheFolder(env), `jre-${versions.java}`);
  return (await javaIn(folder)) ?? fetchOnce(folder, log, download);
}

function fetchOnce(folder: string, log: Log, download: JavaDownload): Promise<string> {
  const running = fetching.get(folder) ?? fetchJava(folder, log, download).finally(() => fetching.delete(folder));
  fetching.set(folder, running);
  return running;
}

/** The major of `java -version`, such as 17; 0 when it does not run. */
async function majorOf(java: string, env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { stderr } = await run(java, ['-version'], { env });
    return parseJavaMajor(stderr);
  } catch {
    return 0;
  }
}

/** `openjdk version "17.0.15"` is 17, the old style `java version "1.8.0_392"` is 8. */
export function parseJavaMajor(output: string): number {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  return Number(first === '1' ? second : first) || 0;
}

async function javaIn(folder: string): Promise<string | undefined> {
  const [distribution] = await readdir(folder).catch(() => []);
  if (distribution === undefined) return undefined;
  const inside = process.platform === 'darwin' ? ['Contents', 'Home', 'bin'] : ['bin'];
  return join(folder, distribution, ...inside, executable);
}

async function fetchJava(folder: string, log: Log, download: JavaDownload): Promise<string> {
  log(`no Java ${versions.java} or newer found: fetching one`);
  await mkdir(dirname(folder), { recursive: true });
  const fetched = await mkdtemp(join(dirname(folder), '.jre-'));
  try {
    await download(fetched);
    await rename(join(fetched, 'jre'), folder).catch(async (error: unknown) => {
      // Another process may have been quicker.
      if ((await javaIn(folder)) === undefined) throw error;
    });
  } catch (error) {
    const advice = `install one and set JAVA_HOME (tried JAVA_HOME, PATH and a download: ${messageOf(error)})`;
    throw new LocalError('JAVA_MISSING', `Kafka and the registry need Java ${versions.java} or newer: ${advice}.`, false, { cause: error });
  } finally {
    await rm(fetched, { recursive: true, force: true });
  }
  const java = await javaIn(folder);
  if (java === undefined) throw new LocalError('JAVA_MISSING', `The Java fetched into ${folder} is empty: delete the folder and start again.`);
  return java;
}

const fromAdoptium: JavaDownload = async (folder) => {
  const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder };
  await run(process.execPath, [join(packageRoot, 'fetch-java.mjs'), String(versions.java), join(folder, 'beside')], { env }).catch((error: unknown) => {
    throw new Error((error as { stderr?: string }).stderr?.trim() || messageOf(error), { cause: error });
  });
};
