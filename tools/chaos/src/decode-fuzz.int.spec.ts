import { describe, expect, it } from '@jest/globals';
import { deliveryMigrations } from '@lifeos/delivery';
import { eventLogMigrations } from '@lifeos/event-log';
import { migrate } from '@lifeos/postgres';
import { createTestDatabase } from '@lifeos/testing';
import { unclassified } from './fuzz/fuzz-run.js';
import { startFuzz } from './fuzz/start-fuzz.js';

const seed = Number(process.env['LIFEOS_CHAOS_SEED'] ?? Math.floor(Date.now() / 1_000) % 1_000_000);

describe('decode fuzz', () => {
  it(`P-15: classifies every one of 20 000 mutated records (seed ${seed}), stops at none, keeps none in memory`, async () => {
    const { url, drop } = await createTestDatabase();
    await migrate({ url, sets: [eventLogMigrations, deliveryMigrations] });
    const report = await startFuzz({ databaseUrl: url, records: 20_000, seed });
    await drop();
    expect(report.stops).toEqual([]);
    expect(unclassified(report)).toBe(0);
    expect(report.heapGrowthMb).toBeLessThan(50);
    // All kinds were met, else the fuzz fuzzes nothing.
    expect(report.handled).toBeGreaterThan(1_000);
    expect(Object.keys(report.parked)).toEqual(expect.arrayContaining(['serialization_error', 'validation_error', 'unsupported_version']));
    expect(Object.keys(report.skipped)).toEqual(expect.arrayContaining(['unhandled_type', 'tombstone']));
  }, 120_000);
});
