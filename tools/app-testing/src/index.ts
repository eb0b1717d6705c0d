export { grantConsents } from './grant-consents.js';
export { eventOf } from './event-of.js';
export { type BatchReaction, openReactionBench, type ReactionBench } from './reaction-bench.js';
export { type Answer, type Call, openServiceBench, type ServiceBench } from './service-bench.js';
