export { AnswerCheck } from './http-api/answer-check.js';
export { grantConsents } from './grant-consents.js';
export { eventOf, recordOf } from './event-of.js';
export { bareDecoder, type BatchReaction, openReactionBench, type ReactionBench } from './reaction-bench.js';
export { type Answer, type Call, openServiceBench, type ServiceBench } from './service-bench.js';
