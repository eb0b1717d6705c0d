/** `npm run chaos`: builds what is put to the test, then hurts it. Options: `npm run chaos -- --help`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const chaos = spawn(process.execPath, ['--enable-source-maps', join(root, 'tools/chaos/dist/main.js'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
// The terminal sends Ctrl-C to both: this one stays until the other has told its results.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => chaos.kill('SIGTERM'));
chaos.once('exit', (code) => process.exit(code ?? 1));
