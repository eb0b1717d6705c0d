import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import njre from 'njre';
import { LocalError, messageOf } from './errors.js';
import { type Log } from './log.js';
import { cacheFolder } from './paths.js';
import { versions } from './versions.js';

const run = promisify(execFile);
const executable = process.platform === 'win32' ? 'java.exe' : 'java';

/** The path of a Java of at least `versions.java`: JAVA_HOME, then PATH, then one fetched into the cache. */
export async function findJava(log: Log, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const home = env['JAVA_HOME'];
  const installed = [...(home ? [join(home, 'bin', executable)] : []), executable];
  for (const java of installed) {
    if ((await majorOf(java)) >= versions.java) return java;
  }
  const folder = join(cacheFolder(env), `jre-${versions.java}`);
  return (await javaIn(folder)) ?? fetchJava(folder, log);
}

/** The major of `java -version`, such as 17; 0 when it does not run. */
async function majorOf(java: string): Promise<number> {
  try {
    const { stderr } = await run(java, ['-version']);
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

async function fetchJava(folder: string, log: Log): Promise<string> {
  log(`no Java ${versions.java} or newer found: fetching one`);
  await mkdir(cacheFolder(), { recursive: true });
  const fetched = await mkdtemp(join(cacheFolder(), '.jre-'));
  try {
    // njre puts its folder `jre` beside the path it is given.
    await njre.install(versions.java, { installPath: join(fetched, 'beside') });
    await rename(join(fetched, 'jre'), folder);
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
