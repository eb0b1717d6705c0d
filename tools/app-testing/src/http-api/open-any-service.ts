import { generateKeyPairSync } from 'node:crypto';
import type { ApiDocument } from '@lifeos/service';
import { openServiceBench, type ServiceBench, type ServiceBenchOptions } from '../service-bench.js';
import { definitionOf } from './services.js';

const { privateKey } = generateKeyPairSync('ed25519', { publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } });

/** What services cannot start without. */
const environments: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dashboard: { JWT_PRIVATE_KEY: privateKey },
  integrations: { INTEGRATIONS_CREDENTIALS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`, FAKE_SOURCE: 'true' },
};

export async function openAnyService(name: string, options: Omit<ServiceBenchOptions, 'environment'> = {}): Promise<ServiceBench> {
  return openServiceBench(await definitionOf(name), { ...options, environment: environments[name] ?? {} });
}

/** As its clients read it. */
export async function documentOf(url: string): Promise<ApiDocument> {
  return (await (await fetch(`${url}/api/docs-json`)).json()) as ApiDocument;
}
