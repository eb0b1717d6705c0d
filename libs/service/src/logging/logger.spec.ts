import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';

function lines(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const written: string[] = [];
  write(createLogger('quests', 'info', new Writable({ write: (chunk, _encoding, done) => (written.push(String(chunk)), done()) })));
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  it('N-2: says when, how grave, which service and what', () => {
    expect(lines((logger) => logger.info({ quest_id: 7 }, 'Completed.'))).toEqual([{ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'quests', quest_id: 7, msg: 'Completed.' }]);
  });

  it('tells an error and its causes, and nothing else that hangs on them', () => {
    class ServerGone extends Error {
      readonly code = '57P01';
      readonly client = { secretKey: 393_088_576 };
    }
    const [line] = lines((logger) => logger.warn({ err: new Error('broke', { cause: new ServerGone('ended') }) }, 'A connection broke.'));
    expect(line?.['err']).toEqual({
      type: 'Error', message: 'broke', stack: expect.stringContaining('broke'),
      cause: { type: 'ServerGone', message: 'ended', code: '57P01', stack: expect.stringContaining('ended') },
    });
  });

  it('takes what is thrown and is no error, and causes that go round in a circle', () => {
    const circle = new Error('round');
    circle.cause = circle;
    const [thrown, round] = lines((logger) => [logger.error({ err: 'a text' }, 'x'), logger.error({ err: circle }, 'y')]);
    expect([thrown?.['err'], round?.['err']]).toEqual(['a text', expect.objectContaining({ message: 'round' })]);
  });

  it('keeps secrets out', () => {
    expect(JSON.stringify(lines((logger) => logger.info({ password: 'hunter2', headers: { authorization: 'Bearer x' } }, 'x')))).not.toMatch(/hunter2|Bearer/);
  });
});
