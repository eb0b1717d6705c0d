export type { HandlerContext, HandlerDefinition } from './handler.js';
