import { randomBytes } from 'node:crypto';
import { deliveryMigrations } from '@lifeos/delivery';
import { eventLogMigrations } from '@lifeos/event-log';
import { migrate, openDatabase } from '@lifeos/postgres';
import { oneByOne, type OneSeed, type Trial, type TrialResult } from '../trial.js';
import { unclassified } from './fuzz-run.js';
import { startFuzz } from './start-fuzz.js';

async function fuzz({ parts, seed, quick, say }: OneSeed): Promise<TrialResult> {
  const { postgresUrl } = parts.addresses;
  const server = openDatabase({ url: postgresUrl, applicationName: 'chaos', max: 1 });
  const name = `fuzz_${randomBytes(4).toString('hex')}`;
  await server.query(`CREATE DATABASE ${name}`);
  const databaseUrl = Object.assign(new URL(postgresUrl), { pathname: `/${name}` }).href;
  try {
    await migrate({ url: databaseUrl, sets: [eventLogMigrations, deliveryMigrations] });
    const report = await startFuzz({ databaseUrl, seed, records: quick ? 20_000 : 1_000_000 });
    say(`handled ${report.handled}, skipped ${JSON.stringify(report.skipped)}, parked ${JSON.stringify(report.parked)}`);
    return {
      verdict: null,
      troubles: report.stops,
      figures: [
        { what: 'records', value: report.records, unit: 'records', atMost: null },
        { what: 'neither handled, skipped nor parked', value: unclassified(report), unit: 'records', atMost: 0 },
        { what: 'heap growth', value: report.heapGrowthMb, unit: 'MB', atMost: 50 },
      ],
    };
  } finally {
    await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await server.close();
  }
}

export const decodeFuzz: Trial = { name: 'decode-fuzz', what: 'a million mutated and random records through decoder and delivery', kind: 'measure', run: oneByOne(fuzz) };
