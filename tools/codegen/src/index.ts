export { generate, type GenerateResult } from './generate.js';
