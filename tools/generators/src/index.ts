export { consumerGenerator, type ConsumerOptions } from './consumer.js';
export { eventGenerator, type EventOptions } from './event.js';
export { eventVersionGenerator, type EventVersionOptions } from './event-version.js';
export { serviceGenerator, type ServiceOptions } from './service.js';
export type { Workspace } from './workspace.js';
