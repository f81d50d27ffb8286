import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answerBytes } from '../../src/gateway/answer-bytes.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import type { QueryEvent } from '../../src/gateway/parts.ts';
import type { RangeQuery } from '../../src/gateway/query.ts';
import type { ReadWishes } from '../../src/gateway/request-scope.ts';
import { UNLIMITED } from '../../src/model/caller-limits.ts';
import { seesOnly } from '../../src/model/enforced-matchers.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import { NO_TENANT, type RequestScope } from '../../src/model/request-scope.ts';
import { ROOMY } from '../support/limits.ts';
import { originOf } from '../support/open-requests.ts';
import { ANSWER, ManualTimers, partsOf, selectionOf } from './support.ts';

const RANGE: RangeQuery = { text: 'up', start: 0, end: 60_000, step: 15_000, limit: 0 };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const REFUSED_IN_QUEUE = { kind: 'timeout', message: 'query timed out in query queue' };

function stageOf({ scope }: { readonly scope: RequestScope }): string | undefined {
  return scope.journal.stages().at(-1)?.stage;
}

/** A gateway whose evaluations wait until the test lets them end. */
function joining(joinsEqual = true, maxConcurrent = 20) {
  const timers = new ManualTimers();
  const world = { generation: 1, joined: 0 };
  const waiting: { readonly signal: AbortSignal; readonly end: () => void }[] = [];
  const events: QueryEvent[] = [];
  const ceiling = new MemoryCeiling(0);
  const gateway = createGateway(
    partsOf({
      limits: { ...ROOMY, joinsEqual, maxConcurrent },
      ceiling,
      timers,
      selection: selectionOf({
        source: () => ({ select: () => assert.fail('nothing is read') }),
        topology: () => ({ generation: world.generation, endpoints: [] }),
      }),
      evaluate: (_query, _source, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
          waiting.push({ signal, end: () => resolve(ANSWER) });
        }),
      onJoined: () => world.joined++,
      onQuery: (event) => events.push(event),
    }),
  );
  const begin = (
    change: Partial<RangeQuery> = {},
    origin: object = {},
    wishes: ReadWishes = {},
  ): { readonly scope: RequestScope; readonly answer: Promise<unknown>; readonly cancel: () => void } => {
    const controller = new AbortController();
    const scope = gateway.open(wishes, { ...originOf(controller.signal), ...origin });
    const answer = gateway.queryRange(scope, { ...RANGE, ...change });
    answer.catch(() => {});
    return { scope, answer, cancel: () => controller.abort() };
  };
  const endAll = (): void => {
    for (const { end } of waiting.splice(0)) end();
  };
  return { world, gateway, timers, begin, waiting, endAll, events };
}

describe('equal queries of a gateway', () => {
  test('are evaluated once, take one place, and each holds the answer until it was sent', async () => {
    const { world, gateway, begin, waiting, endAll, events } = joining(true, 1);
    const asked = [begin(), begin(), begin()];
    await turn();
    assert.equal(waiting.length, 1);
    assert.deepEqual(gateway.load().queries, { active: 1, waiting: 0, refused: 0 });
    endAll();
    await Promise.all(asked.map(({ answer }) => answer));
    assert.equal(world.joined, 2);
    assert.equal(events.length, 3);
    for (const { scope } of asked) {
      assert.equal(scope.budget.held, answerBytes(ANSWER.value));
      scope.budget.release();
    }
    assert.equal(gateway.load().queries.active, 0);
  });

  test('are those of one tenant with the same limits, wishes, times, text and endpoints', async () => {
    const { world, begin, waiting, endAll } = joining();
    const matcher = { kind: '=', name: 'tenant', value: 'x' } as const;
    const tenant = { ...NO_TENANT, tenant: 'x', enforced: seesOnly([matcher]) };
    const limited = { ...NO_TENANT, limits: { ...UNLIMITED, values: { max_series: 5 } } };
    begin();
    for (const change of [
      { text: 'up ' },
      { start: 1 },
      { end: 61_000 },
      { step: 15_001 },
      { lookbackDelta: 1 },
    ])
      begin(change);
    begin({}, { admission: tenant });
    begin({}, { admission: { ...tenant, tenant: 'y' } });
    begin({}, { admission: limited });
    begin({}, {}, { dedup: false });
    begin({}, {}, { partialResponse: false });
    await turn();
    assert.equal(waiting.length, 11);
    world.generation++;
    begin();
    await turn();
    assert.equal(waiting.length, 12);
    endAll();
    await turn();
    assert.equal(world.joined, 0);
  });

  test('are evaluated each where a caller wants that, or the server', async () => {
    const { begin, waiting } = joining();
    begin();
    begin({ isFresh: true });
    const header = (name: string): unknown => (name === 'cache-control' ? 'no-cache' : undefined);
    begin({}, { header });
    await turn();
    assert.equal(waiting.length, 3);
    const off = joining(false);
    off.begin();
    off.begin();
    await turn();
    assert.equal(off.waiting.length, 2);
  });

  test('go on where one caller goes away, whichever it is', async () => {
    for (const gone of [0, 1]) {
      const { begin, waiting, endAll } = joining();
      const asked = [begin(), begin(), begin()];
      await turn();
      asked[gone]!.cancel();
      await assert.rejects(asked[gone]!.answer, { kind: 'canceled' });
      await turn();
      assert.equal(waiting.filter(({ signal }) => !signal.aborted).length, 1);
      endAll();
      await Promise.all(asked.filter((_, i) => i !== gone).map(({ answer }) => answer));
    }
  });

  test('wait in the queue with the one that they follow, and are refused a little early there, as it is', async () => {
    const { timers, begin, endAll } = joining(true, 1);
    const runs = begin({ text: 'other' });
    const asked = [begin(), begin()];
    await turn();
    assert.deepEqual([runs, ...asked].map(stageOf), ['select', 'queue', 'queue']);
    timers.goOff(119_900);
    for (const { answer } of asked) await assert.rejects(answer, REFUSED_IN_QUEUE);
    endAll();
    await runs.answer;
  });

  test('may use all of their time once the one that they follow reads', async () => {
    const { timers, begin, endAll } = joining(true, 1);
    const runs = begin({ text: 'other' });
    const asked = [begin(), begin()];
    await turn();
    endAll();
    await runs.answer;
    runs.scope.budget.release();
    await turn();
    assert.deepEqual(asked.map(stageOf), ['select', 'select']);
    timers.goOff(119_900);
    endAll();
    await Promise.all(asked.map(({ answer }) => answer));
  });

  test('wait in the queue again where the one that they followed goes away', async () => {
    const { timers, begin, endAll } = joining(true, 1);
    const goes = begin();
    const stay = [begin(), begin()];
    await turn();
    const next = begin({ text: 'other' });
    await turn();
    goes.cancel();
    await assert.rejects(goes.answer, { kind: 'canceled' });
    goes.scope.budget.release();
    await turn();
    assert.deepEqual([next, ...stay].map(stageOf), ['select', 'queue', 'queue']);
    timers.goOff(119_900);
    for (const { answer } of stay) await assert.rejects(answer, REFUSED_IN_QUEUE);
    endAll();
    await next.answer;
  });
});
