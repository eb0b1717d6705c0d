export { payloadArbitrary } from './payload-arbitrary.js';
