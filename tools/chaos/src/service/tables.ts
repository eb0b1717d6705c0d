import type { Queryable } from '@lifeos/postgres';

/** The quests service's state: how many quests each user has completed. */
export async function createQuestTables(on: Queryable, users: number): Promise<void> {
  await on.query(`CREATE TABLE completed AS SELECT user_id::bigint, 0 AS n FROM generate_series(1, ${users}) AS user_id`);
  await on.query('ALTER TABLE completed ADD PRIMARY KEY (user_id)');
}

/** Nothing here refuses a second effect of the same event: that is what delivery promises, and what is checked. */
export async function createDashboardTables(on: Queryable): Promise<void> {
  await on.query('CREATE TABLE effects (seq bigserial PRIMARY KEY, event_id uuid NOT NULL, user_id bigint NOT NULL, n bigint NOT NULL)');
  await on.query('CREATE TABLE booked (user_id bigint PRIMARY KEY, count bigint NOT NULL)');
}
