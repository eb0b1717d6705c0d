export { payloadArbitrary } from './payload-arbitrary.js';
export { SleepLogged, SleepLoggedV2, SleepLoggedV3, workedMajors } from './worked-major.js';
