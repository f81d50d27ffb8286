import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createGateway, type Gateway } from '../../../src/gateway/gateway.ts';
import type { RunningQuery } from '../../../src/gateway/observing/running-query.ts';
import type { GatewayParts } from '../../../src/gateway/parts.ts';
import { requestIds } from '../../../src/model/request-ids.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import { ROOMY } from '../../support/limits.ts';
import { originOf } from '../../support/open-requests.ts';
import { ANSWER, partsOf } from '../support.ts';

type Evaluate = GatewayParts['evaluate'];

/** Opens a request; what comes back tells that its answer was sent. */
function opened(gateway: Gateway): { readonly scope: RequestScope; readonly sent: () => void } {
  let sent = (): void => undefined;
  const scope = gateway.open(
    {},
    {
      ...originOf(new AbortController().signal),
      ids: requestIds(() => undefined),
      whenSent: (callback) => {
        sent = callback;
      },
    },
  );
  return { scope, sent: () => sent() };
}

const QUERY = { text: 'count(up)', time: 5000, limit: 0 };

/** Evaluations that end when the test says so, or when they are given up. */
function held(): { readonly evaluate: Evaluate; readonly goOn: () => void; readonly begun: Promise<void> } {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const evaluate: Evaluate = async (query, _, signal) => {
    query.onEvaluate?.(() => 41);
    begun.resolve();
    await Promise.race([
      gate.promise,
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    ]);
    return ANSWER;
  };
  return { evaluate, goOn: () => gate.resolve(), begun: begun.promise };
}

describe('a query is active', () => {
  it('from its coming until its answer was sent, stage by stage', async () => {
    const { evaluate, goOn, begun } = held();
    const over: RunningQuery[] = [];
    const gateway = createGateway(
      partsOf({ evaluate, limits: { ...ROOMY, maxConcurrent: 1 }, onSent: (query) => over.push(query) }),
    );
    const [first, second] = [opened(gateway), opened(gateway)];
    const running = gateway.query(first.scope, QUERY);
    const waiting = gateway.query(second.scope, { ...QUERY, text: 'sum(up)' });
    await begun;
    const seen = (): readonly string[] =>
      gateway.watch.active().map(({ asked, stage, samples }) => `${asked.text} ${stage} ${samples}`);
    assert.deepEqual(seen(), ['count(up) evaluate 41', 'sum(up) queue 0']);
    goOn();
    await running;
    assert.deepEqual(seen(), ['count(up) send 9', 'sum(up) queue 0']);
    first.sent();
    await waiting;
    assert.deepEqual(seen(), ['sum(up) send 9']);
    second.sent();
    assert.deepEqual(seen(), []);
    assert.deepEqual(
      over.map(
        (query) =>
          `${query.asked.text} ${query
            .stages()
            .map(({ stage }) => stage)
            .join()}`,
      ),
      ['count(up) queue,select,evaluate,send', 'sum(up) queue,select,evaluate,send'],
    );
  });

  for (const [what, id] of [
    ['runs', 0],
    ['waits for its turn', 1],
  ] as const)
    it(`and can be canceled while it ${what}`, async () => {
      const { evaluate, goOn, begun } = held();
      const gateway = createGateway(partsOf({ evaluate, limits: { ...ROOMY, maxConcurrent: 1 } }));
      const requests = [opened(gateway), opened(gateway)];
      const queries = requests.map(({ scope }) => gateway.query(scope, QUERY));
      for (const query of queries) query.catch(() => undefined);
      await begun;
      const { request } = requests[id]!.scope.ids;
      gateway.watch.cancel(request);
      await assert.rejects(queries[id]!, {
        kind: 'stopped',
        message: new RegExp(`^the query was canceled by somebody .*active_queries/${request}`),
      });
      requests[id]!.sent();
      goOn();
      await queries[1 - id];
    });

  it('and cannot be canceled when its answer is being sent, nor when it is gone', async () => {
    const gateway = createGateway(partsOf({}));
    const { scope, sent } = opened(gateway);
    await gateway.query(scope, QUERY);
    assert.throws(() => gateway.watch.cancel(scope.ids.request), { kind: 'execution' });
    sent();
    assert.throws(() => gateway.watch.cancel(scope.ids.request), { kind: 'not_found' });
  });
});
