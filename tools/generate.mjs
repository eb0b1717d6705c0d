/**
 * Generates TypeScript from the schema files, and what routes answer from their return types: `npm run generate`.
 * With --check nothing is written; the exit code is 1 when the generated code is out of date.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');

const build = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'tools/codegen'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);

const { generate } = await import('./codegen/dist/generate.js');
const { written, removed, faults } = generate(root, { check });
for (const path of written) console.log(`${check ? 'out of date' : 'generated'}: ${path}`);
for (const path of removed) console.log(`${check ? 'left over' : 'removed'}: ${path}`);
for (const fault of faults) console.error(fault);
if (check && written.length + removed.length > 0) console.error('The generated code does not fit the schemas and routes; run: npm run generate');
else if (faults.length === 0) console.log('The generated code fits the schemas and routes.');
if (faults.length > 0 || (check && written.length + removed.length > 0)) process.exitCode = 1;
