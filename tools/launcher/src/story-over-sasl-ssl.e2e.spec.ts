import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { services } from '@lifeos/cli';
import { checkout, type RunningKafka, startKafka } from '@lifeos/local';

const credentials = { username: 'lifeos', password: 'correct-horse' };
let folder: string;
let kafka: RunningKafka;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sasl-'));
  await chmod(folder, 0o755);
  kafka = await startKafka({ dataDir: join(folder, 'kafka'), security: credentials });
}, 180_000);

afterAll(async () => {
  await kafka?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
});

async function story(password: string, local: string, others: NodeJS.ProcessEnv = {}): Promise<{ code: unknown; output: string }> {
  const env = {
    ...process.env,
    LIFEOS_LOCAL: join(folder, local),
    CI: 'true',
    NODE_OPTIONS: '',
    SCHEMA_REGISTRY_URL: '',
    KAFKA_BROKERS: kafka.brokers.join(','),
    KAFKA_SSL: 'true',
    KAFKA_SSL_CA: kafka.certificate,
    KAFKA_SASL_MECHANISM: 'plain',
    KAFKA_SASL_USERNAME: credentials.username,
    KAFKA_SASL_PASSWORD: password,
    ...others,
  };
  const child = spawn(process.execPath, [join(checkout, 'tools/start.mjs'), '--once', '--short'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('a broker of one\'s own, by SASL_SSL', () => {
  it('carries the story of the first day, with no broker started beside it', async () => {
    const { code, output } = await story(credentials.password, 'right');
    expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining('"First Quest"') });
    expect(output).not.toMatch(/✓ Kafka/);
  }, 240_000);

  it('lets nobody in with another password', async () => {
    // The broker is what matters: nothing is started beside it that would have to be waited for.
    const databases = Object.fromEntries(services.map((service) => [`DATABASE_URL_${service.toUpperCase()}`, 'postgres://nobody@127.0.0.1:1/none']));
    const { code, output } = await story('wrong', 'wrong', { ...databases, SCHEMA_REGISTRY_URL: 'http://127.0.0.1:1' });
    expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(/authentication failed/i) });
  }, 180_000);
});
