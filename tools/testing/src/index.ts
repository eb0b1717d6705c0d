export { type BatchReaction, eventOf, openReactionBench, type ReactionBench } from './reaction-bench.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
