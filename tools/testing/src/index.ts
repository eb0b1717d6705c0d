export { type BatchReaction, eventOf, openReactionBench, type ReactionBench } from './reaction-bench.js';
export { type Answer, type Call, openServiceBench, type ServiceBench } from './service-bench.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
