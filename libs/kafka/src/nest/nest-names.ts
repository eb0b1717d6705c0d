/** Handlers of this transport, and no others, are given to it by Nest. */
export const kafkaEvents = Symbol('lifeos-kafka-events');

/** Under which the decorator's options travel through Nest. */
export const handlesExtra = 'lifeosHandles';
