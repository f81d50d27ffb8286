import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGateway } from '../../src/gateway/gateway.ts';
import { evaluate, type EngineQuery } from '../../src/engine/evaluate.ts';
import { NO_TENANT, type RequestScope } from '../../src/model/request-scope.ts';
import { seesOnly } from '../../src/model/enforced-matchers.ts';
import { OPTIONS } from '../support/evaluate-text.ts';
import { originOf } from '../support/open-requests.ts';
import { answerOf, partsOf, selectionOf } from './support.ts';

const ASKED = { text: 'm or sum(other)', time: 0, limit: 0, isAnalyzed: true } as const;

/** A selection in which each select calls an endpoint that is named after the metric. */
const source = (scope: RequestScope) => ({
  select: async ({ matchers }: { readonly matchers: readonly { readonly value: string }[] }) => {
    scope.journal.call(`${matchers[0]!.value}:1`).end(undefined);
    return { series: [], annotations: [] };
  },
});

function gatewayOf(evaluated: EngineQuery[] = []) {
  return createGateway(
    partsOf({
      selection: selectionOf({ source }),
      evaluate: (query, from, signal) => {
        evaluated.push(query);
        return evaluate(query, from, OPTIONS, signal);
      },
    }),
  );
}

function scopeOf(gateway: ReturnType<typeof gatewayOf>, admission = NO_TENANT): RequestScope {
  return gateway.open({}, { ...originOf(new AbortController().signal), admission });
}

test('the calls of each select are told apart, and are those of the request, too', async () => {
  const gateway = gatewayOf();
  const scope = scopeOf(gateway);
  const { calls } = await gateway.query(scope, ASKED);
  const told = Array.from(calls ?? [], ([select, made]) => [select, made.map(({ endpoint }) => endpoint)]);
  assert.deepEqual(told, [
    [0, ['m:1']],
    [1, ['other:1']],
  ]);
  assert.deepEqual(
    scope.journal.calls.map(({ endpoint }) => endpoint),
    ['m:1', 'other:1'],
  );
});

test('a caller that may not see everything is told of no endpoint', async () => {
  const gateway = gatewayOf();
  const enforced = seesOnly([{ kind: '=', name: 'tenant', value: 'a' }]);
  const scope = scopeOf(gateway, { ...NO_TENANT, tenant: 'a', enforced });
  const { calls, answer } = await gateway.query(scope, ASKED);
  assert.equal(calls, undefined);
  assert.equal(answer.analysis?.parts.length, 4);
});

test('of one select a hundred calls are told', async () => {
  const many = (scope: RequestScope) => ({
    select: async () => {
      for (let i = 0; i < 101; i++) scope.journal.call(`${i}:1`).end(undefined);
      return { series: [], annotations: [] };
    },
  });
  const parts = partsOf({ selection: selectionOf({ source: many }) });
  const gateway = createGateway({
    ...parts,
    evaluate: (query, from, signal) => evaluate(query, from, OPTIONS, signal),
  });
  const scope = scopeOf(gateway);
  const { calls } = await gateway.query(scope, { ...ASKED, text: 'm' });
  assert.deepEqual([calls?.get(0)?.length, scope.journal.calls.length], [100, 101]);
});

test('nothing is measured where that is not asked for', async () => {
  const evaluated: EngineQuery[] = [];
  const gateway = gatewayOf(evaluated);
  const { calls, answer } = await gateway.query(scopeOf(gateway), { ...ASKED, isAnalyzed: false });
  assert.deepEqual([calls, answer.analysis, evaluated[0]!.isAnalyzed], [undefined, undefined, undefined]);
});

test('where results are kept, all steps are evaluated', async () => {
  const evaluated: (boolean | undefined)[] = [];
  const gateway = createGateway(
    partsOf({
      clock: { now: () => 1e9, monotonic: () => 0 },
      resultsCache: { bytes: 1e6, minFresh: 0, lifetime: 1e9 },
      selection: selectionOf({ source }),
      evaluate: async ({ isAnalyzed }) => {
        evaluated.push(isAnalyzed);
        return answerOf({ kind: 'matrix', series: [] });
      },
    }),
  );
  const scope = gateway.open({}, originOf(new AbortController().signal));
  const range = { text: '1', start: 0, end: 1e6, step: 1000, limit: 0, isAnalyzed: true };
  await gateway.queryRange(scope, range);
  await gateway.queryRange(scope, range);
  assert.deepEqual(evaluated, [true, true]);
});
