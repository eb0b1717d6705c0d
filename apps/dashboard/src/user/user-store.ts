import type { Queryable } from '@lifeos/postgres';
import type { Role } from '@lifeos/service';
import type { Holders, ProfileChange, User } from './user.js';

const columns = `user_id, username, email, time_zone, first_name, last_name, bio, location,
  to_char(birth_date, 'YYYY-MM-DD') AS birth_date, registered_at`;

/** The driver gives bigint as text. */
type UserRow = Omit<User, 'user_id'> & { user_id: string };

/** A statement of its own before the transaction: the id must be known to lock it. A number that is not used leaves a gap. */
export async function allocateUserId(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ id: string }>(`SELECT nextval('user_ids') AS id`);
  return Number(rows[0]?.id);
}

/** After a rebuild from the topic no id is given to a second person. Never moves the sequence backwards. */
export async function passUserId(tx: Queryable, userId: number): Promise<void> {
  await tx.query(`SELECT setval('user_ids', $1) FROM user_ids WHERE last_value < $1`, [userId]);
}

export async function findUser(source: Queryable, userId: number): Promise<User | null> {
  const { rows } = await source.query<UserRow>(`SELECT ${columns} FROM users WHERE user_id = $1`, [userId]);
  const row = rows[0];
  return row ? { ...row, user_id: Number(row.user_id) } : null;
}

export interface Login {
  readonly userId: number;
  readonly role: Role;
  readonly passwordHash: string;
}

export async function findLogin(source: Queryable, by: 'username' | 'email', value: string): Promise<Login | null> {
  const sql = `SELECT user_id, role, password_hash FROM users WHERE lower(${by}) = lower($1) AND password_hash IS NOT NULL`;
  const row = (await source.query<{ user_id: string; role: Role; password_hash: string }>(sql, [value])).rows[0];
  return row ? { userId: Number(row.user_id), role: row.role, passwordHash: row.password_hash } : null;
}

/** Which of both another user has. The caller holds the locks of both, so the answer stays true. */
export async function holdersOf(tx: Queryable, userName: string, email: string): Promise<Holders> {
  const sql = `SELECT EXISTS (SELECT FROM users WHERE lower(username) = lower($1)) AS username,
    EXISTS (SELECT FROM users WHERE lower(email) = lower($2)) AS email`;
  const { rows } = await tx.query<Holders>(sql, [userName, email]);
  return rows[0] ?? { username: false, email: false };
}

export async function isEmailOfAnother(tx: Queryable, email: string, userId: number): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT FROM users WHERE lower(email) = lower($1) AND user_id <> $2', [email, userId]);
  return rowCount > 0;
}

export async function insertUser(tx: Queryable, user: User, passwordHash: string): Promise<void> {
  const sql = `INSERT INTO users (user_id, username, email, password_hash, time_zone, registered_at, profile_changed_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`;
  await tx.query(sql, [user.user_id, user.username, user.email, passwordHash, user.time_zone, user.registered_at]);
}

/** Returns the time of the change: `now`, but always after the one before, so that changes read back come in order. */
export async function updateProfile(tx: Queryable, user: User & ProfileChange, now: Date): Promise<Date> {
  const sql = `UPDATE users SET first_name = $2, last_name = $3, email = $4, bio = $5, location = $6, birth_date = $7, time_zone = $8,
    profile_changed_at = greatest($9::timestamptz, profile_changed_at + interval '1 millisecond') WHERE user_id = $1 RETURNING profile_changed_at AS at`;
  const { rows } = await tx.query<{ at: Date }>(sql, [user.user_id, user.first_name, user.last_name, user.email, user.bio, user.location, user.birth_date, user.time_zone, now]);
  return rows[0]?.at ?? now;
}

/** The hash that a person's password is checked against; null for one whose password is in a backup only, and for nobody. */
export async function findPasswordHash(source: Queryable, userId: number): Promise<string | null> {
  const { rows } = await source.query<{ password_hash: string | null }>('SELECT password_hash FROM users WHERE user_id = $1', [userId]);
  return rows[0]?.password_hash ?? null;
}

export async function storePasswordHash(tx: Queryable, userId: number, passwordHash: string): Promise<void> {
  await tx.query('UPDATE users SET password_hash = $2 WHERE user_id = $1', [userId, passwordHash]);
}

/** What a person may do now; null for nobody. */
export async function findRole(source: Queryable, userId: number): Promise<Role | null> {
  const { rows } = await source.query<{ role: Role }>('SELECT role FROM users WHERE user_id = $1', [userId]);
  return rows[0]?.role ?? null;
}
