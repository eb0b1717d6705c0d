import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { InvalidConfig, readEnvironment } from './environment.js';
import { required, url, wholeNumber } from './fields.js';

const schema = z.object({
  PORT: wholeNumber(0, 65535, 3000, 'Port.'),
  DATABASE_URL: url(['postgres'], 'Database.', 'postgres://localhost/a'),
  SECRET: required('A secret.', 's3cret'),
});
const secrets = ['SECRET'];

function faultsOf(environment: Record<string, string>): InvalidConfig {
  try {
    readEnvironment(schema, environment, secrets);
  } catch (error) {
    if (error instanceof InvalidConfig) return error;
  }
  throw new Error('The environment was accepted.');
}

describe('reading the environment', () => {
  it('gives typed values and fills in defaults', () => {
    expect(readEnvironment(schema, { DATABASE_URL: 'postgres://db/x', SECRET: 'a', PORT: '' }, secrets)).toEqual({
      PORT: 3000,
      DATABASE_URL: 'postgres://db/x',
      SECRET: 'a',
    });
  });

  it('reports every fault at once, with what is wrong and an example', () => {
    const error = faultsOf({ PORT: '70000', DATABASE_URL: 'mysql://db' });
    expect(error.faults).toEqual([
      { name: 'PORT', problem: 'is above 65535', example: '3000' },
      { name: 'DATABASE_URL', problem: 'is not a URL with postgres', example: 'postgres://localhost/a' },
      { name: 'SECRET', problem: 'is missing', example: 's3cret' },
    ]);
    expect(error.message).toContain('3 fault(s)');
    expect(error.message).toContain('SECRET: is missing (example: s3cret)');
  });

  it('never repeats a value, which may be a secret', () => {
    expect(faultsOf({ DATABASE_URL: 'oracle://me:hunter2@db', SECRET: 'x' }).message).not.toContain('hunter2');
  });

  it('reads a secret from the file that NAME_FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'secret');
    writeFileSync(file, 'from-file\n');
    expect(readEnvironment(schema, { DATABASE_URL: 'postgres://db/x', SECRET_FILE: file }, secrets).SECRET).toBe('from-file');
  });

  it('refuses a secret given twice and a file that is not there, beside other faults', () => {
    const twice = faultsOf({ PORT: 'x', DATABASE_URL: 'postgres://db/x', SECRET: 'a', SECRET_FILE: '/b' });
    expect(twice.faults.map(({ name, problem }) => `${name} ${problem}`)).toEqual([
      'SECRET is given twice, as SECRET and as SECRET_FILE',
      'PORT is not a number',
    ]);
    expect(faultsOf({ DATABASE_URL: 'postgres://db/x', SECRET_FILE: '/does/not/exist' }).message).toContain('SECRET_FILE cannot be read');
  });

  it('takes only secrets from files', () => {
    expect(faultsOf({ DATABASE_URL_FILE: '/etc/hosts', SECRET: 'a' }).faults).toEqual([
      { name: 'DATABASE_URL', problem: 'is missing', example: 'postgres://localhost/a' },
    ]);
  });
});
