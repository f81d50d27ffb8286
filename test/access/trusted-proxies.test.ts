import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrustedProxies } from '../../src/access/trusted-proxies.ts';

const proxies = new TrustedProxies({ networks: ['10.1.0.0/16', '192.0.2.7', 'fd00::/8'], header: 'x-user' });
const userOf = (address: string, user: unknown): string | undefined =>
  proxies.identify(address, (name) => (name === 'x-user' ? user : undefined))?.user;

test('a proxy that is trusted says who asks', () => {
  for (const address of ['10.1.2.3', '192.0.2.7', 'fd00::1', '::ffff:10.1.2.3'])
    assert.equal(userOf(address, 'ann'), 'ann', address);
});

test('nobody else does', () => {
  for (const address of ['10.2.0.1', '192.0.2.8', 'fe80::1', '::ffff:10.2.0.1', '', 'unix'])
    assert.equal(userOf(address, 'ann'), undefined, address);
});

test('what is no single name is none', () => {
  for (const user of [undefined, '', 'ann, bob', ['ann'], 'a\u00ff', 'x'.repeat(300)])
    assert.equal(userOf('10.1.2.3', user), undefined);
});
