export type { Database, PreparedStatement, Queryable, QueryAnswer, Transaction, TransactionOptions } from './database.js';
export { isConnectionError, isRetryable, isStalePlan, LockedTooLate, sqlState, toError, TransactionAborted, TransactionClosed } from './errors.js';
export { keyLockNumber, lockNumber } from './key-locks.js';
export { migrate } from './migrate.js';
export type { MigrateOptions, MigrationRun, MigrationSet } from './migrate.js';
export { openDatabase } from './open-database.js';
export type { DatabaseOptions } from './open-database.js';
export { openSession } from './open-session.js';
export type { Session, SessionOptions } from './open-session.js';
