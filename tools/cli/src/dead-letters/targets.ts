import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localFolder, readLocalRun } from '../local-run.js';
import { operatorToken } from '../operator-token.js';
import { DeadLetterClient } from './dead-letter-client.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface TargetFlags {
  readonly service?: string;
  readonly url?: string;
}

/** A running service. */
export interface Target {
  readonly service: string;
  readonly client: DeadLetterClient;
}

/** The services that are meant: the one named, else all that a running `npm start` knows. */
export async function targetsFrom({ service, url }: TargetFlags, env: Environment = process.env): Promise<Target[]> {
  const folder = localFolder(env);
  const urls = url === undefined ? await localServices(folder, service) : { [service ?? new URL(url).host]: url };
  const token = env['LIFEOS_TOKEN'] ?? (await localToken(join(folder, 'keys', 'jwt-private.pem'), env));
  return Object.entries(urls).map(([name, base]) => ({ service: name, client: new DeadLetterClient(name, base, token) }));
}

/** @throws when it is not clear which service is meant: ids are a service's own. */
export async function targetFrom(flags: TargetFlags, env: Environment = process.env): Promise<Target> {
  const [target, ...others] = await targetsFrom(flags, env);
  if (target !== undefined && others.length === 0) return target;
  throw new Error(`Say which service, since each numbers its own dead letters: --service ${[target, ...others].map((each) => each?.service).join(' | ')}`);
}

async function localServices(folder: string, service: string | undefined): Promise<Record<string, string>> {
  const { services = {} } = await readLocalRun(folder);
  const urls = Object.fromEntries(Object.entries(services).map(([name, { url }]) => [name, url]));
  if (service === undefined) {
    if (Object.keys(urls).length > 0) return urls;
    throw new Error('No `npm start` of this checkout is up; name a service by --url.');
  }
  const url = urls[service];
  if (url === undefined) throw new Error(`No service ${service} is up here${Object.keys(urls).length > 0 ? `; there are ${Object.keys(urls).join(', ')}` : ''}. Name it by --url.`);
  return { [service]: url };
}

async function localToken(privateKeyFile: string, env: Environment): Promise<string> {
  const pem = await readFile(privateKeyFile, 'utf8').catch(() => null);
  if (pem === null) throw new Error('LIFEOS_TOKEN is not set (an access token of an operator), and there is no local key to make one with.');
  return operatorToken(pem, env);
}
