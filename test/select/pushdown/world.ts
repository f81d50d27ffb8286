import assert from 'node:assert/strict';
import { partialsOf } from '../../../src/engine/evaluate.ts';
import { gridBetween } from '../../../src/engine/step-grid.ts';
import { planQuery } from '../../../src/plan/plan-query.ts';
import { NO_FEATURES } from '../../../src/promql/features.ts';
import { parse } from '../../../src/promql/parse.ts';
import type { PushExplanation } from '../../../src/select/explaining/explanation.ts';
import type { EvaluateCall } from '../../../src/backend/evaluate-call.ts';
import type { Evaluated, EvaluateRequest } from '../../../src/backend/evaluate-call.ts';
import type { Selection } from '../../../src/select/selection.ts';
import type { RequestScope } from '../../../src/model/request-scope.ts';
import { success } from '../../../src/model/result.ts';
import { linesOf, type Times } from '../../support/evaluate-text.ts';
import { gatewayOverAll, MINUTE, START, type Gateway, type World } from '../read-once/world.ts';
import { scopeOf } from '../support.ts';

export const NOW: number = 60 * MINUTE;
const ALWAYS = { from: 0, to: Infinity };

/** A shard that has two targets with two series each at all times. */
export function shard(cluster: string, replicas = 2, more: Partial<World> = {}): World {
  return {
    cluster,
    spanMs: 2 * NOW,
    metric: 'm_total',
    replicas: Array.from({ length: replicas }, (_, r) => ({ phase: 0.2 + r / 2, away: [] })),
    targets: ['t0', 't1'].map((instance) => ({
      instance: `${cluster}-${instance}`,
      intervalMs: 15_000,
      life: ALWAYS,
      failures: [],
      series: [[ALWAYS]],
    })),
    ...more,
  };
}

/** A gateway that has read all once, so that replicas may be read alone. */
export async function warmGateway(...shards: readonly World[]): Promise<Gateway> {
  const gateway = gatewayOverAll(shards, NOW);
  await gateway.refresh();
  await linesOf('m_total', gateway.pushing.source(scopeOf()), times());
  await linesOf('m_total', gateway.pushing.source(scopeOf()), times());
  gateway.pushes.length = 0;
  for (const asked of gateway.asked) asked.length = 0;
  return gateway;
}

const times = (): Required<Times> => ({
  start: START + NOW - 20 * MINUTE,
  end: START + NOW - 5 * MINUTE,
  step: MINUTE,
});

/** The answer to a query of the past, sorted. */
export async function answer(
  selection: Selection,
  text: string,
  scope: RequestScope = scopeOf({ pushdown: true }),
): Promise<readonly string[]> {
  return [...(await linesOf(text, selection.source(scope), times()))].sort();
}

/** Asks for some minutes, told by how long ago they were. */
export async function askOf(gateway: Gateway, from: number, to: number): Promise<void> {
  const now = gateway.clock.at;
  const range = { start: now - from * MINUTE, end: now - to * MINUTE, step: MINUTE };
  await linesOf('count by (cluster) (m_total)', gateway.pushing.source(scopeOf({ pushdown: true })), range);
}

/** Puts something between the gateway and what its servers evaluate. */
export function between(
  gateway: Gateway,
  call: (own: EvaluateCall, scope: RequestScope, request: EvaluateRequest) => ReturnType<EvaluateCall>,
): void {
  for (const { backend } of gateway.endpoints) {
    const own = backend.evaluate!;
    Object.assign(backend, {
      evaluate: ((scope, request) => call(own, scope, request)) satisfies EvaluateCall,
    });
  }
}

/** Changes what servers answer. */
export function altered(
  gateway: Gateway,
  change: (answer: Evaluated, request: EvaluateRequest) => Evaluated,
): void {
  between(gateway, async (own, scope, request) => {
    const result = await own(scope, request);
    return result.ok ? success(change(result.value, request)) : result;
  });
}

/** What an explanation tells of the parts of a query. */
export async function pushesOf(
  gateway: Gateway,
  text: string,
  { start, end, step }: Required<Times> = times(),
): Promise<readonly PushExplanation[]> {
  const settings = { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000, distribute: true };
  const { selects } = planQuery(parse(text, NO_FEATURES), { text, start, end, step }, settings);
  const [{ matchers, minTime, maxTime, ...select } = assert.fail()] = selects;
  const partials = partialsOf(
    { matchers, minTime, maxTime, ...select },
    gridBetween(start, end, step),
    300_000,
  );
  const request = { matchers, minTime, maxTime, hints: { range: 0, func: '' }, partials };
  const scope = scopeOf({ pushdown: true });
  const { pushes, series } = await gateway.pushing.explain(scope, request, { series: 1, windows: 1 });
  // What would be computed elsewhere is read all the same, since it is explained.
  assert.equal(series.length, 1);
  return pushes;
}
