import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { admit } from '../../../src/gateway/tenancy/admit.ts';
import type { Credentials, Tenancy } from '../../../src/gateway/tenancy/tenancy.ts';
import { LimitBook } from '../../../src/gateway/limits/limit-book.ts';
import { SYSTEM_CLOCK } from '../../../src/model/clock.ts';
import { SEES_EVERYTHING } from '../../../src/model/enforced-matchers.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { PLAIN_TENANCY } from '../../support/plain-tenancy.ts';

const NOTHING_LIMITED = new LimitBook(SYSTEM_CLOCK);
const TEAM: Matcher = { kind: '=', name: 'team', value: 'x' };

function named(tenant: string | undefined, more: Partial<Credentials> = {}): Credentials {
  return {
    header: (name) => (name === 'thanos-tenant' ? tenant : undefined),
    subject: undefined,
    identity: { user: '', tenants: undefined },
    address: '10.0.0.1',
    ...more,
  };
}

/** What a caller is held to. */
function heldTo(tenancy: Partial<Tenancy>, credentials: Credentials): readonly Matcher[] {
  return admit({ ...PLAIN_TENANCY, ...tenancy }, NOTHING_LIMITED, credentials, 'tenant').enforced.matchers;
}

const is = (value: string): readonly Matcher[] => [{ kind: '=', name: 'tenant_id', value }];

describe('a tenant', () => {
  it('is a value of the label, or several', () => {
    assert.deepEqual(heldTo({}, named('a')), is('a'));
    assert.deepEqual(heldTo({}, named('a|b.c|a')), [
      { kind: '=~', name: 'tenant_id', value: String.raw`a|b\.c` },
    ]);
  });

  it('is refused where it is not known what a server with tenants of its own has of it', () => {
    const placed = new Set(['a', 'b']);
    assert.deepEqual(heldTo({ placed }, named('a')), is('a'));
    for (const tenant of ['c', 'a|c'])
      assert.throws(() => heldTo({ placed }, named(tenant)), {
        kind: 'forbidden',
        message: /^it is not known what the tenant "c" has at a server with tenants of its own; name it in /,
      });
    assert.deepEqual(heldTo({ placed }, named('ops')), [], 'an administrator sees all of them');
  });

  it('has the matchers of the configuration, and needs them where there are any', () => {
    const tenants = new Map([
      ['own', [TEAM]],
      ['plain', undefined],
    ] as const);
    assert.deepEqual(heldTo({ tenants }, named('own')), [TEAM]);
    assert.deepEqual(heldTo({ tenants }, named('plain')), is('plain'));
    assert.throws(() => heldTo({ tenants }, named('other')), {
      kind: 'forbidden',
      message: /"other" is not known/,
    });
    assert.throws(() => heldTo({ tenants }, named('own|plain')), {
      kind: 'bad_data',
      message: /"own" cannot be named together/,
    });
  });

  it('may have a default, and never is everybody without one', () => {
    assert.deepEqual(heldTo({ defaultTenant: 'd' }, named(undefined)), is('d'));
    for (const tenant of [undefined, ''])
      assert.throws(() => heldTo({}, named(tenant)), {
        kind: 'unauthenticated',
        message: /header thanos-tenant/,
      });
  });

  it('is refused where it is malformed', () => {
    for (const tenant of [' ', 'a b', 'a,b', 'a, b', '|', 'a||b', '.+"', '{}', 'ä', 'x'.repeat(151)])
      assert.throws(
        () => heldTo({}, named(tenant)),
        { kind: 'bad_data', message: /is no name of a tenant/ },
        tenant,
      );
    const many = Array.from({ length: 101 }, (_, i) => `t${i}`).join('|');
    assert.throws(() => heldTo({}, named(many)), { kind: 'bad_data', message: /names 101 tenants/ });
  });

  it('is named by the certificate where a field of it is configured, whatever the header says', () => {
    const field = { certificateField: 'organizationalUnit' } as const;
    const shown = (OU: string | readonly string[] | undefined) => named('b', { subject: { OU, CN: 'c' } });
    assert.deepEqual(heldTo(field, shown('a')), is('a'));
    assert.throws(() => heldTo(field, named('b')), { kind: 'unauthenticated' });
    assert.throws(() => heldTo(field, shown(undefined)), {
      kind: 'forbidden',
      message: /no value in the field/,
    });
    assert.throws(() => heldTo(field, shown(['a', 'b'])), { kind: 'forbidden', message: /several values/ });
  });

  it('is named by the proof of who asks where that names tenants', () => {
    const identity = { user: 'u', tenants: ['a'] };
    assert.deepEqual(heldTo({}, named(undefined, { identity })), is('a'));
    assert.deepEqual(heldTo({ certificateField: 'commonName' }, named(undefined, { identity })), is('a'));
  });

  it('is none where the proof has a place for tenants and names none, whatever the header says', () => {
    const identity = { user: 'u', tenants: [] };
    for (const header of [undefined, 'a', 'ops'])
      assert.throws(() => heldTo({}, named(header, { identity })), {
        kind: 'forbidden',
        message: /the caller is of no tenant/,
      });
  });

  it('is one of those that the configuration gives to the user', () => {
    const users = new Map([['u', ['a', 'b']]]);
    const of = (user: string, header?: string): Credentials =>
      named(header, { identity: { user, tenants: undefined } });
    assert.deepEqual(heldTo({ users }, of('u', 'b')), is('b'));
    assert.deepEqual(
      heldTo({ users }, of('u')).map(({ value }) => value),
      ['a|b'],
    );
    for (const [user, header] of [
      ['u', 'c'],
      ['u', 'ops'],
      ['v', 'a'],
      ['', 'a'],
      ['__proto__', 'a'],
    ] as const)
      assert.throws(() => heldTo({ users }, of(user, header)), { kind: 'forbidden' }, `${user} ${header}`);
  });

  it('is chosen by the header among those of the proof, and never another', () => {
    const identity = { user: 'u', tenants: ['a', 'b'] };
    assert.deepEqual(heldTo({}, named('b', { identity })), is('b'));
    for (const other of ['c', 'b|c', 'ops'])
      assert.throws(() => heldTo({}, named(other, { identity })), {
        kind: 'forbidden',
        message: /the caller is not of the tenant/,
      });
  });
});

describe('what tells of all', () => {
  it('is for administrators, who see everything', () => {
    assert.throws(() => admit(PLAIN_TENANCY, NOTHING_LIMITED, named('a'), 'operator'), {
      kind: 'forbidden',
      message: /tenancy\.admins/,
    });
    assert.throws(() => admit(PLAIN_TENANCY, NOTHING_LIMITED, named('a|ops'), 'operator'), {
      kind: 'bad_data',
    });
    assert.equal(admit(PLAIN_TENANCY, NOTHING_LIMITED, named('ops'), 'operator').enforced, SEES_EVERYTHING);
    assert.equal(admit(PLAIN_TENANCY, NOTHING_LIMITED, named('ops'), 'tenant').enforced, SEES_EVERYTHING);
  });

  it('is for everybody where there are no tenants', () => {
    assert.equal(admit(undefined, NOTHING_LIMITED, named(undefined), 'operator').enforced, SEES_EVERYTHING);
  });
});
