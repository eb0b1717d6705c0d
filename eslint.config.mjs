import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom. A library sees only what stands left of it in an event's path. */
const layers = {
  contracts: [],
  events: ['contracts'],
  postgres: [],
  'event-log': ['contracts', 'events', 'postgres'],
  delivery: ['contracts', 'events', 'postgres', 'event-log'],
  'schema-registry': ['contracts', 'events'],
  kafka: ['contracts', 'events', 'delivery', 'schema-registry'],
};
const constraints = Object.entries(layers).map(([lib, allowed]) => ({
  sourceTag: `scope:${lib}`,
  onlyDependOnLibsWithTags: [...allowed, lib].map((name) => `scope:${name}`),
}));

const nestFree = ['libs/contracts', 'libs/events', 'libs/postgres', 'libs/event-log', 'libs/delivery', 'libs/schema-registry'];
const restrict = (...patterns) => ['error', { patterns }];
const onlyInKafka = { group: ['kafkajs'], message: 'Only libs/kafka knows kafkajs.' };
const onlyInPostgres = { group: ['pg', 'pg-*'], message: 'Only libs/postgres knows the driver.' };
const noNest = { group: ['@nestjs/*'], message: 'This library runs without Nest.' };
const pureDomain = {
  group: ['@nestjs/*', ...['postgres', 'event-log', 'delivery', 'schema-registry', 'kafka'].map((lib) => `@lifeos/${lib}`)],
  message: 'A domain file decides from what it is given: no framework, no database, no broker (P-20).',
};

/** What a spec without I/O tests is domain; with a database it would be an .int.spec.ts. */
const domainFiles = readdirSync(join(import.meta.dirname, 'apps'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /^[^/]+\/src\/(?!reactions|read-models)[^/]+\/[^/.]+\.ts$/.test(file))
  .filter((file) => existsSync(join(import.meta.dirname, 'apps', file.replace(/\.ts$/, '.spec.ts'))))
  .map((file) => `apps/${file}`);

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '.local/**', '.nx/**', 'node_modules/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      complexity: ['error', 12],
      'max-depth': ['error', 4],
      'max-params': ['error', 5],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints: [
            ...constraints,
            { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'] },
            { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
            { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:tool'] },
          ],
        },
      ],
      'no-restricted-imports': restrict(onlyInKafka, onlyInPostgres),
    },
  },
  { files: nestFree.map((lib) => `${lib}/**/*.ts`), rules: { 'no-restricted-imports': restrict(onlyInKafka, onlyInPostgres, noNest) } },
  { files: domainFiles, rules: { 'no-restricted-imports': restrict(onlyInKafka, onlyInPostgres, pureDomain) } },
  { files: ['libs/kafka/**/*.ts'], rules: { 'no-restricted-imports': restrict(onlyInPostgres) } },
  { files: ['libs/postgres/**/*.ts'], rules: { 'no-restricted-imports': restrict(onlyInKafka, noNest) } },
  // They bring up, empty and measure the parts themselves.
  { files: ['tools/bench/**/*.ts', 'tools/local/**/*.ts', 'tools/testing/**/*.ts', '**/*.spec.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    // A domain file decides from what it is given: no clock, no dice, no I/O.
    files: ['apps/*/src/*/*.ts'],
    ignores: ['**/*.spec.ts', '**/*.controller.ts', 'apps/*/src/reactions/**', 'apps/*/src/read-models/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time comes in as data.' },
        { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'Time comes in as data.' },
        { selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']", message: 'Chance comes in as data.' },
      ],
    },
  },
  { files: ['tools/**/*.ts', 'tools/**/*.mjs'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.spec.ts', '**/testing/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }], '@nx/enforce-module-boundaries': 'off' },
  },
);
