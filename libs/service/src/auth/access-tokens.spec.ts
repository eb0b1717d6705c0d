import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { exportPKCS8, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createTokenSigner, createTokenVerifier, InvalidToken, type TokenSigner, type TokenVerifier } from './access-tokens.js';

const rules = { issuer: 'lifeos', audience: 'lifeos' };
const hour = 3_600;

describe('D-9: access tokens', () => {
  let privatePem: string;
  let publicPem: string;
  let signer: TokenSigner;
  let verifier: TokenVerifier;

  beforeAll(async () => {
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    privatePem = await exportPKCS8(pair.privateKey);
    publicPem = await exportSPKI(pair.publicKey);
    signer = await createTokenSigner(privatePem, rules);
    verifier = await createTokenVerifier(publicPem, rules);
  });

  it('gives back who it was issued for', async () => {
    const token = await signer.sign({ userId: 7, role: 'operator' }, new Date(), hour);
    expect(await verifier.verify(token)).toEqual({ userId: 7, role: 'operator' });
  });

  it('accepts a token again and again, and no longer than it is good', async () => {
    const token = await signer.sign({ userId: 7, role: 'user' }, new Date(), hour);
    expect([await verifier.verify(token), await verifier.verify(token)]).toEqual([{ userId: 7, role: 'user' }, { userId: 7, role: 'user' }]);
    jest.useFakeTimers({ now: Date.now() + (hour + 31) * 1000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
    try {
      await expect(verifier.verify(token)).rejects.toBeInstanceOf(InvalidToken);
    } finally {
      jest.useRealTimers();
    }
  });

  it('refuses an expired token', async () => {
    const token = await signer.sign({ userId: 7, role: 'user' }, new Date(Date.now() - 2 * hour * 1000), hour);
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(InvalidToken);
  });

  it.each([
    ['issuer', { issuer: 'other', audience: 'lifeos' }],
    ['audience', { issuer: 'lifeos', audience: 'other' }],
  ])('refuses a foreign %s', async (_claim, foreign) => {
    const token = await (await createTokenSigner(privatePem, foreign)).sign({ userId: 7, role: 'user' }, new Date(), hour);
    await expect(verifier.verify(token)).rejects.toBeInstanceOf(InvalidToken);
  });

  it("refuses another key's signature, a changed token and rubbish", async () => {
    const other = await generateKeyPair('EdDSA', { extractable: true });
    const foreign = await createTokenSigner(await exportPKCS8(other.privateKey), rules);
    const token = await signer.sign({ userId: 7, role: 'user' }, new Date(), hour);
    const changed = token.replace(/\.[^.]+\./, `.${Buffer.from(JSON.stringify({ sub: '8', role: 'operator' })).toString('base64url')}.`);
    for (const wrong of [await foreign.sign({ userId: 7, role: 'user' }, new Date(), hour), changed, 'rubbish', '']) {
      await expect(verifier.verify(wrong)).rejects.toBeInstanceOf(InvalidToken);
    }
  });

  it('refuses an unsigned token and one signed with the public key as a shared secret', async () => {
    const claims = { role: 'operator' };
    const unsigned = new UnsecuredJWT(claims).setIssuer('lifeos').setAudience('lifeos').setSubject('7').setExpirationTime('1h').encode();
    const confused = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('lifeos').setAudience('lifeos').setSubject('7').setExpirationTime('1h')
      .sign(new TextEncoder().encode(publicPem));
    for (const wrong of [unsigned, confused]) await expect(verifier.verify(wrong)).rejects.toBeInstanceOf(InvalidToken);
  });
});
