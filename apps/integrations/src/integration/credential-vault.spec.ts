import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CredentialVault, CredentialsUnreadable, parseKeys } from './credential-vault.js';

const keyOf = (id: string, byte: number) => ({ id, key: Buffer.alloc(32, byte) });
const secret = { token: 'top-secret-token' };

describe('I-2: credentials', () => {
  it('come back as they were given', () => {
    const vault = new CredentialVault([keyOf('a', 1)]);
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (credentials) => {
      const plain = JSON.parse(JSON.stringify(credentials)) as Record<string, unknown>;
      expect(vault.open(vault.seal(plain, 'x'), 'x')).toEqual(plain);
    }), { numRuns: 50 });
  });

  it('are not to be seen in what is kept, and look different each time', () => {
    const vault = new CredentialVault([keyOf('a', 1)]);
    const [one, two] = [vault.seal(secret, 'x'), vault.seal(secret, 'x')];
    expect(one.bytes.includes('top-secret')).toBe(false);
    expect(one.bytes.equals(two.bytes)).toBe(false);
  });

  it('do not open for another owner, under another key, or after a bit has changed', () => {
    const vault = new CredentialVault([keyOf('a', 1)]);
    const sealed = vault.seal(secret, 'integration 1 of user 1');
    expect(() => vault.open(sealed, 'integration 2 of user 1')).toThrow(CredentialsUnreadable);
    expect(() => new CredentialVault([keyOf('a', 2)]).open(sealed, 'integration 1 of user 1')).toThrow(CredentialsUnreadable);
    expect(() => new CredentialVault([keyOf('b', 1)]).open(sealed, 'integration 1 of user 1')).toThrow('key a cannot be read');
    for (let at = 0; at < sealed.bytes.length; at += 1) {
      const bytes = Buffer.from(sealed.bytes);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      expect(() => vault.open({ keyId: 'a', bytes }, 'integration 1 of user 1')).toThrow(CredentialsUnreadable);
    }
  });

  it('stay readable while keys are changed: the first one seals, the others open', () => {
    const before = new CredentialVault([keyOf('a', 1)]);
    const after = new CredentialVault([keyOf('b', 2), keyOf('a', 1)]);
    const sealed = before.seal(secret, 'x');
    expect(after.open(sealed, 'x')).toEqual(secret);
    expect([after.isOutdated(sealed.keyId), after.isOutdated(after.seal(secret, 'x').keyId)]).toEqual([true, false]);
  });
});

describe('keys from the environment', () => {
  const base64 = (bytes: number) => Buffer.alloc(bytes, 3).toString('base64');

  it('are 32 bytes each, under an id', () => {
    expect(parseKeys(`new:${base64(32)}, old:${base64(32)}`)).toMatchObject({ keys: [{ id: 'new' }, { id: 'old' }], faults: [] });
  });

  it.each([
    ['nothing', ''], ['31 bytes', `a:${base64(31)}`], ['33 bytes', `a:${base64(33)}`], ['no id', base64(32)], ['hex', `a:${'0f'.repeat(32)}`], ['an id twice', `a:${base64(32)},a:${base64(32)}`],
  ])('are refused: %s', (_what, text) => {
    const { faults } = parseKeys(text);
    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain(base64(32).slice(0, 8));
  });
});
