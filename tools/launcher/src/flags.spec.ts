import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkout } from '@lifeos/local';

interface Ended {
  readonly code: number | string;
  readonly output: string;
}

const start = (...flags: string[]): Promise<Ended> =>
  new Promise((resolve) =>
    execFile(process.execPath, [join(checkout, 'tools/start.mjs'), ...flags], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    ),
  );

describe('npm start', () => {
  it('--help explains every flag and starts nothing', async () => {
    const { code, output } = await start('--help');
    expect(code).toBe(0);
    for (const flag of ['--once', '--no-story', '--short', '--reset', '--help']) expect(output).toContain(flag);
  });

  it.each(['--onec', 'quests'])('refuses %s by name, and names the flags there are', async (flag) => {
    const { code, output } = await start(flag);
    expect(code).toBe(1);
    expect(output).toContain(flag);
    expect(output).toContain('--once, --no-story, --short, --reset, --help');
    expect(output).not.toContain('    at ');
  });
});
