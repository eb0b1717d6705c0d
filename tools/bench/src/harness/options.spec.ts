import { describe, expect, it } from '@jest/globals';
import { readOptions } from './options.js';

const known = ['codec', 'relay', 'soak'];

describe('options of the benchmark', () => {
  it('takes scenarios separated by commas or by repeated options', () => {
    expect(readOptions(['--only=codec,relay', '--only', 'soak'], known).only).toEqual(['codec', 'relay', 'soak']);
  });

  it('names a scenario that does not exist and those that do', () => {
    expect(() => readOptions(['--only=codex'], known)).toThrow('No scenario codex; there are codec, relay, soak.');
  });

  it.each(['0', '1.5', 'many'])('refuses %s repetitions', (count) => {
    expect(() => readOptions([`--repetitions=${count}`], known)).toThrow('a whole number from 1 up');
  });

  it('refuses an option that it does not know', () => {
    expect(() => readOptions(['--qick'], known)).toThrow('--qick');
  });
});
