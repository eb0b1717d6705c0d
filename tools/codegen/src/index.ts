// What judges schemas, where they are released too. `@lifeos/codegen/generate` needs the TypeScript compiler, which release images lack.
export type { SchemaFault } from './policy/fault.js';
export { type CheckedVersion, policyFaults, type PolicyReport } from './policy/policy-faults.js';
export { releasedFaults, releasedFiles } from './policy/released-faults.js';
