/** One transform and one resolver for every tier; the tier is in the file's name. */
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['lifeos-source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['/dist/', '/\\.local/'],
};

/** @type {import('jest').Config} */
export default {
  // Jest would take one worker on two cores, and one process grows by every suite it has run.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  // Long enough for a busy machine; a test that waits for ever still ends.
  testTimeout: 120_000,
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['**/src/**/*.spec.ts'], testPathIgnorePatterns: ['/node_modules/', '\\.int\\.spec\\.ts$', '\\.e2e\\.spec\\.ts$'] },
    { ...shared, displayName: 'int', testMatch: ['**/src/**/*.int.spec.ts'] },
    { ...shared, displayName: 'e2e', testMatch: ['**/src/**/*.e2e.spec.ts'] },
  ],
};
