import { setTimeout as sleep } from 'node:timers/promises';
import { benchDatabase, readRow } from './bench-database.js';

const lookEveryMs = 500;
const quietLooks = 4;

/** Resolves when no service has taken an event for two seconds. @throws when that does not come within the time. */
export async function settled(postgresUrl: string, services: readonly string[], withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  let before = '';
  for (let quiet = 0; quiet < quietLooks; ) {
    if (performance.now() > deadline) throw new Error(`The services still take events after ${withinMs / 1000} s.`);
    await sleep(lookEveryMs);
    const now = (await Promise.all(services.map((name) => stateOf(postgresUrl, name)))).join(' ');
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

async function stateOf(postgresUrl: string, name: string): Promise<string> {
  const sql = 'SELECT coalesce(sum(next_offset), 0) AS taken, (SELECT count(*) FROM event_log) AS told FROM consumer_positions';
  const { taken, told } = await readRow(benchDatabase(postgresUrl, name).url, sql);
  return `${taken}/${told}`;
}
