import pg from 'pg';
import { QuestCompleted } from '@lifeos/contracts';

/** Tables of a service that does the durable work by hand. */
const tables = `
  create table inbox (event_id uuid primary key, received_at timestamptz not null default now());
  create table experience (user_id bigint primary key, total bigint not null);
  create table outgoing (id bigint generated always as identity primary key, event_id uuid not null, type text not null,
    key text not null, payload jsonb not null, created_at timestamptz not null default now());`;

export interface PerMessageWork {
  handle(value: Buffer, headers: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

/** What a careful team writes without these libraries: inbox, row, outgoing event, in a transaction a message. */
export async function perMessageWork(databaseUrl: string): Promise<PerMessageWork> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query(tables);
  return {
    async handle(value, headers) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await bookOnce(client, value, headers);
        await client.query('commit');
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function bookOnce(client: pg.PoolClient, value: Buffer, headers: Record<string, string>): Promise<void> {
  const eventId = headers['ce_id'];
  const first = await client.query('insert into inbox (event_id) values ($1) on conflict do nothing', [eventId]);
  if (first.rowCount === 0) return;
  const quest = QuestCompleted.decode(value.subarray(5), headers['ce_eventversion'] ?? QuestCompleted.version);
  await client.query(
    `insert into experience (user_id, total) values ($1, $2)
     on conflict (user_id) do update set total = experience.total + excluded.total`,
    [quest.user_id, quest.experience_reward],
  );
  const awarded = {
    user_id: quest.user_id,
    experience_points: quest.experience_reward,
    source_type: 'quest',
    source_id: quest.quest_id,
    reason: 'Quest completed',
  };
  await client.query('insert into outgoing (event_id, type, key, payload) values (gen_random_uuid(), $1, $2, $3)', [
    'ExperienceAwarded',
    String(quest.user_id),
    awarded,
  ]);
}
