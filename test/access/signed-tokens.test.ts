import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  SignJWT,
  UnsecuredJWT,
  type JWK,
  type JWTPayload,
} from 'jose';
import { signedTokens } from '../../src/access/signed-tokens.ts';
import type { BearerCheck } from '../../src/access/named-tokens.ts';

const NOW = 1_795_392_000_000;
const RULES = {
  issuer: 'https://issuer.example',
  audience: ['promweave', 'metrics'],
  clockSkew: 30_000,
  userClaim: 'sub',
  tenantClaim: 'tenants',
};

describe('signed tokens', () => {
  let jwk: JWK;
  let sign: (
    claims: JWTPayload,
    header?: { readonly alg?: string; readonly kid?: string },
  ) => Promise<string>;
  let signWithout: (claim: string) => Promise<string>;
  let check: BearerCheck;

  before(async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' };
    const keys = createLocalJWKSet({ keys: [jwk] });
    sign = (claims, header = {}) =>
      new SignJWT({ iss: RULES.issuer, aud: 'promweave', sub: 'ann', exp: NOW / 1000 + 60, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
        .sign(privateKey);
    signWithout = (claim) => {
      const claims: JWTPayload = { iss: RULES.issuer, aud: 'promweave', sub: 'ann', exp: NOW / 1000 + 60 };
      const others = Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim));
      return new SignJWT(others).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
    };
    check = signedTokens(
      RULES,
      () => keys,
      () => NOW,
    );
  });

  it('say who asks, and of which tenants', async () => {
    assert.deepEqual(await check(await sign({ tenants: ['a', 7, 'b'] })), {
      user: 'ann',
      how: 'jwt',
      tenants: ['a', 'b'],
    });
    assert.deepEqual(await check(await sign({ tenants: 'a' })), { user: 'ann', how: 'jwt', tenants: ['a'] });
    assert.deepEqual(await check(await sign({ aud: ['x', 'metrics'] })), {
      user: 'ann',
      how: 'jwt',
      tenants: [],
    });
  });

  it('are of no tenant where their claim names none, and say nothing of tenants where there is no such claim', async () => {
    for (const tenants of [undefined, null, [], 7, {}, [{ name: 'a' }]])
      assert.deepEqual((await check(await sign({ tenants })))?.tenants, []);
    const without = signedTokens(
      { ...RULES, tenantClaim: undefined },
      () => createLocalJWKSet({ keys: [jwk] }),
      () => NOW,
    );
    assert.equal((await without(await sign({ tenants: ['a'] })))?.tenants, undefined);
  });

  it('are taken within their time, and as much around it as clocks may differ', async () => {
    const seconds = NOW / 1000;
    const isTaken = async (claims: JWTPayload) => (await check(await sign(claims))) !== undefined;
    assert.ok(await isTaken({ exp: seconds - 29 }));
    assert.ok(!(await isTaken({ exp: seconds - 31 })));
    assert.ok(await isTaken({ nbf: seconds + 29 }));
    assert.ok(!(await isTaken({ nbf: seconds + 31 })));
  });

  it('are refused of other issuers, for others, without an end or a user, and where something is wrong with them', async () => {
    const other = await generateKeyPair('ES256');
    const claims = { iss: RULES.issuer, aud: 'promweave', sub: 'ann', exp: NOW / 1000 + 60 };
    const secret = new TextEncoder().encode(JSON.stringify(jwk).padEnd(64, ' '));
    const good = await sign({});
    const tokens = [
      await sign({ iss: 'https://evil.example' }),
      await sign({ aud: 'others' }),
      await signWithout('exp'),
      await signWithout('sub'),
      await sign({ sub: '' }),
      await sign({}, { kid: 'two' }),
      await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(other.privateKey),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret),
      new UnsecuredJWT(claims).encode(),
      `${good}x`,
      good.replace(/^[^.]+/, ''),
      'no-token',
      'a.b.c',
    ];
    for (const token of tokens) assert.equal(await check(token), undefined, token);
  });

  it('cannot be told from others while there are no keys, which is no fault of theirs', async () => {
    const broken = signedTokens(
      RULES,
      () => () => {
        throw new TypeError('fetch failed: S3CRET');
      },
      () => NOW,
    );
    await assert.rejects(
      async () => broken(await sign({})),
      /^QueryError: the keys that sign tokens cannot be had now; try again later$/,
    );
  });
});
