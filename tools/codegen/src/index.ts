export { generate, type GenerateResult } from './generate.js';
export type { SchemaFault } from './policy/fault.js';
export { type CheckedVersion, policyFaults, type PolicyReport } from './policy/policy-faults.js';
export { releasedFaults, releasedFiles } from './policy/released-faults.js';
