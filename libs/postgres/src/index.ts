export type { Database, Queryable, QueryAnswer, Transaction, TransactionOptions } from './database.js';
