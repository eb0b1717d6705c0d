import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { compatibilityFaults, RegistryClient } from '../index.js';
import { schemaText } from '../registered-schema-ids.js';
import { openRegistrar } from '../schema-registrar.js';
import { schemaVersions } from '../testing/schema-pair.js';

const url = process.env.SCHEMA_REGISTRY_URL ?? '';
const own = `t${randomBytes(6).toString('hex')}`;
const perBase = 10;
const bases = 40;

describe('the offline verdict on compatibility', () => {
  it(`VR-10: is the registry's, for ${bases * perBase} generated pairs of schemas`, async () => {
    const client = new RegistryClient({ url });
    const register = await openRegistrar(client, { url, timeoutMs: 10_000 });
    const verdicts = { taken: 0, refused: 0 };
    let subject = 0;
    await fc.assert(
      fc.asyncProperty(schemaVersions(own, perBase), async ({ base, others }) => {
        const name = `${own}.Root${subject++}`;
        await register(name, base);
        for (const schema of others) {
          const faults = compatibilityFaults(schema, [base]);
          const taken = await client.wouldTake(name, schemaText(schema));
          verdicts[taken ? 'taken' : 'refused'] += 1;
          expect({ base, schema, taken, faults }).toMatchObject({ taken: faults.length === 0 });
        }
      }),
      { numRuns: bases, endOnFailure: true },
    );
    // A generator that only makes one kind of pair would show nothing.
    expect(verdicts.taken).toBeGreaterThan(40);
    expect(verdicts.refused).toBeGreaterThan(40);
  }, 120_000);
});
