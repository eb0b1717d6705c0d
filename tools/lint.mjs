/**
 * Lints everything. The module boundaries are checked against Nx's project graph, which must exist
 * before ESLint runs: without it the rule would be skipped with a warning only.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const env = { ...process.env, NX_DAEMON: 'false' };
const run = (bin, args) => spawnSync(process.execPath, [bin, ...args], { cwd: root, env, stdio: 'inherit' }).status ?? 1;

const graph = run('node_modules/nx/dist/bin/nx.js', ['graph', '--file=.nx/graph.json']);
process.exit(graph || run('node_modules/eslint/bin/eslint.js', ['.', '--max-warnings=0', ...process.argv.slice(2)]));
