/** `npm run bench`: builds what the benchmark imports, then runs it. Options: `npm run bench -- --help`. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const run = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

// The services too: some figures are theirs.
const built = run(tsc, '-b');
if (built !== 0) {
  console.error('The benchmark measures built code, and the build failed (see above).');
  process.exit(built);
}
process.exit(run(join(root, 'tools/bench/dist/main.js'), ...process.argv.slice(2)));
