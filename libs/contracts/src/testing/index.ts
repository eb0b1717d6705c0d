export { payloadArbitrary } from './payload-arbitrary.js';
export { SleepLogged, SleepLoggedV2, SleepLoggedV3, upcastToSleepLoggedV2, upcastToSleepLoggedV3, workedMajors } from './worked-major.js';
