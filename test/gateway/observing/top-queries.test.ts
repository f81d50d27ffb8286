import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { TOP_ORDERS } from '../../../src/gateway/observing/cost-table.ts';
import { CALLER_KINDS, TopQueries, type CallerKind } from '../../../src/gateway/observing/top-queries.ts';
import { originOf } from '../../support/open-requests.ts';
import { partsOf } from '../support.ts';

const COST = { ms: 1, samples: 1, bytes: 1, failed: false, at: 0 };
const ASKER = { client: '10.0.0.1', dashboard: '' };
const NEVER = new AbortController().signal;

describe('the queries that cost most', () => {
  it('are counted together where they differ in writing alone', async () => {
    const gateway = createGateway(partsOf({}));
    for (const text of ['sum(up)', 'sum( up )', 'sum(up)\n# why', 'sum( up )'])
      await gateway.query(gateway.open({}, originOf(NEVER)), { text, time: 0, limit: 0 });
    const [found, ...others] = gateway.watch.top('total_time', 10);
    assert.deepEqual([found?.text, found?.count, found?.samples], ['sum(up)', 4, 36]);
    assert.deepEqual(others, []);
  });

  it('have what they cost added up, and their failures counted', () => {
    const top = new TopQueries();
    const text = (): string => 'up';
    top.add('instant', 'up', text, ASKER, { ms: 5, samples: 10, bytes: 100, failed: false, at: 1000 });
    top.add('instant', 'up', text, ASKER, { ms: 2, samples: 20, bytes: 50, failed: true, at: 2000 });
    top.add('range', 'up', text, ASKER, COST);
    assert.deepEqual(top.list('total_time', 1), [
      {
        family: 'instant',
        text: 'up',
        count: 2,
        failures: 1,
        totalMs: 7,
        longestMs: 5,
        samples: 30,
        bytes: 150,
        lastTime: 2000,
      },
    ]);
  });

  for (const [order, cost] of [
    ['total_time', { ms: 50 }],
    ['longest_time', { ms: 50 }],
    ['samples', { samples: 50 }],
    ['bytes', { bytes: 50 }],
  ] as const)
    it(`by ${order} stay, however many others come`, () => {
      const top = new TopQueries();
      top.add('instant', 'dear', () => 'dear', ASKER, { ...COST, ...cost });
      for (let i = 0; i < 5000; i++) top.add('instant', `cheap ${i}`, () => `cheap ${i}`, ASKER, COST);
      assert.equal(top.list(order, 1)[0]?.text, 'dear');
      for (const each of TOP_ORDERS) assert.ok(top.list(each, Infinity).length <= 1000);
    });

  it('have long texts cut, and are told apart all the same', () => {
    const top = new TopQueries();
    const long = 'a'.repeat(1_000_000);
    for (const text of [`${long}1`, `${long}2`, `${long}2`])
      top.add('instant', text, () => text, ASKER, COST);
    const found = top.list('total_time', 10);
    assert.deepEqual(
      found.map(({ count }) => count),
      [2, 1],
    );
    for (const { text } of found) assert.match(text, /^a{1000}… \(1000001 characters, sha256 [\da-f]{12}\)$/);
  });

  it('are counted by who asks them as well, of whom no more are known', () => {
    const top = new TopQueries();
    const add = (client: string, dashboard: string, ms: number): void =>
      top.add('instant', 'up', () => 'up', { client, dashboard }, { ...COST, ms });
    add('a', 'd', 10);
    add('b', '', 5);
    add('a', '', 1);
    const told = (kind: CallerKind) =>
      top.callers(kind, 'total_time', 10).map(({ name, totalMs, count }) => [name, totalMs, count]);
    assert.deepEqual(told('client'), [
      ['a', 11, 2],
      ['b', 5, 1],
    ]);
    assert.deepEqual(told('dashboard'), [
      ['d', 10, 1],
      ['', 6, 2],
    ]);
    for (let i = 0; i < 3000; i++) add(`client ${i}`, `dashboard ${i}`, 1);
    for (const kind of CALLER_KINDS) {
      assert.ok(top.callers(kind, 'bytes', Infinity).length <= 1000);
      assert.equal(told(kind)[0]?.[1], kind === 'client' ? 11 : 10);
    }
  });

  it('tell the client and the dashboard of a request', async () => {
    const gateway = createGateway(partsOf({}));
    const headers: Readonly<Record<string, string>> = { 'x-dashboard-uid': 'uid-7' };
    const origin = { ...originOf(NEVER), client: '10.1.2.3', header: (name: string) => headers[name] };
    await gateway.query(gateway.open({}, origin), { text: 'up', time: 0, limit: 0 });
    const name = (kind: CallerKind) => gateway.watch.topCallers(kind, 'total_time', 1)[0]?.name;
    assert.deepEqual(CALLER_KINDS.map(name), ['10.1.2.3', 'uid-7']);
  });
});
