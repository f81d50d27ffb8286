import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hash as hashPassword } from '@node-rs/bcrypt';
import { Passwords } from '../../src/access/passwords.ts';
import { loadPasswordCheck } from '../../src/app/access/check-password.ts';

/** Of "dave123", at the lowest costs. */
const hashOf = (user: string, cost = '10'): string => `$2y$${cost}$${user.padEnd(53, '.')}`;
const USERS = new Map([
  ['ann', hashOf('ann')],
  ['bob', hashOf('bob')],
]);

/** Passwords of which that of each user is its name, and the hashes that were computed. */
function passwords() {
  const computed: string[] = [];
  const held: (() => void)[] = [];
  let isHeld = false;
  const subject = new Passwords(async (password, hash) => {
    computed.push(`${password} ${hash.slice(7, 10)}`);
    if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
    return hash === hashOf(password);
  });
  return {
    subject,
    computed,
    hold: () => (isHeld = true),
    /** Lets all go on that are being computed, until none is. */
    letGo: async () => {
      isHeld = false;
      while (held.length > 0) {
        held.splice(0).forEach((go) => go());
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

describe('passwords', () => {
  it('are computed once, whether they are right or wrong', async () => {
    const { subject, computed } = passwords();
    for (const expected of [true, true])
      assert.equal(await subject.isRight(USERS, 'ann', 'ann', ''), expected);
    for (const expected of [false, false])
      assert.equal(await subject.isRight(USERS, 'ann', 'no', ''), expected);
    assert.deepEqual(computed, ['ann ann', 'no ann']);
  });

  it('are right no more once the hash of their user is another', async () => {
    const { subject } = passwords();
    assert.ok(await subject.isRight(USERS, 'ann', 'ann', ''));
    assert.ok(!(await subject.isRight(new Map([['ann', hashOf('new')]]), 'ann', 'ann', '')));
    assert.ok(!(await subject.isRight(new Map(), 'ann', 'ann', '')));
  });

  it('of a user that does not exist are computed as well, and are wrong even where they fit', async () => {
    const { subject, computed } = passwords();
    for (const password of ['ann', 'bob']) assert.ok(!(await subject.isRight(USERS, 'eve', password, '')));
    assert.equal(computed.length, 2);
    for (let i = 0; i < 50; i++) await subject.isRight(USERS, `user-${i}`, 'x', '');
    const hashes = new Set(computed.slice(2));
    assert.deepEqual([...hashes].toSorted(), ['x ann', 'x bob'], 'each cost is as likely as among users');
  });

  it('that come together are computed once, and others one after the other', async () => {
    const { subject, computed, hold, letGo } = passwords();
    hold();
    const same = Array.from({ length: 50 }, () => subject.isRight(USERS, 'ann', 'ann', 'a'));
    const other = subject.isRight(USERS, 'bob', 'bob', 'b');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(computed, ['ann ann']);
    await letGo();
    assert.ok((await Promise.all([...same, other])).every(Boolean));
    assert.deepEqual(computed, ['ann ann', 'bob bob']);
  });

  it('wait up to a number, in turns between addresses: guesses refuse their like alone', async () => {
    const { subject, hold, letGo } = passwords();
    hold();
    const guesses = Array.from({ length: 150 }, async (_, i) =>
      subject.isRight(USERS, 'ann', `guess-${i}`, 'evil').catch((error: Error) => error.message),
    );
    const honest = subject.isRight(USERS, 'bob', 'bob', 'home');
    await letGo();
    assert.equal(await honest, true);
    const outcomes = await Promise.all(guesses);
    const refused = outcomes.filter((outcome) => typeof outcome === 'string');
    assert.equal(refused.length, 50);
    assert.match(refused[0]!, /100 passwords wait to be checked already/);
  });

  it('that were right are not driven out by guesses', async () => {
    const { subject, computed } = passwords();
    assert.ok(await subject.isRight(USERS, 'ann', 'ann', ''));
    for (let i = 0; i < 3000; i++) await subject.isRight(USERS, 'ann', `guess-${i}`, '');
    computed.length = 0;
    assert.ok(await subject.isRight(USERS, 'ann', 'ann', ''));
    assert.deepEqual(computed, []);
    await subject.isRight(USERS, 'ann', 'guess-0', '');
    assert.equal(computed.length, 1, 'the oldest guesses are forgotten');
  });

  it('are compared as by Go: all versions of bcrypt alike, and no more than 72 bytes', async () => {
    const check = await loadPasswordCheck();
    const hash = '$2y$10$2UXri9cIDdgeKjBo4Rlpx.U3ZLDV8X1IxKmsfOvhcM5oXQt/mLmXq';
    for (const version of ['$2y$', '$2a$', '$2b$', '$2x$'])
      assert.equal(await check('dave123', hash.replace('$2y$', version)), true, version);
    assert.equal(await check('dave124', hash), false);
    assert.equal(await check('', hash), false);
    assert.equal(await check('dave123\0', hash), false);
    const long = await hashPassword('y'.repeat(80), 4);
    assert.equal(await check(`${'y'.repeat(72)}more`, long), true);
    assert.equal(await check('y'.repeat(71), long), false);
  });
});
