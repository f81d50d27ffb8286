import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partialsOf } from '../../../src/engine/evaluate.ts';
import { gridBetween } from '../../../src/engine/step-grid.ts';
import { planQuery } from '../../../src/plan/plan-query.ts';
import { NO_FEATURES } from '../../../src/promql/features.ts';
import { parse } from '../../../src/promql/parse.ts';
import type { PushExplanation } from '../../../src/select/explaining/explanation.ts';
import { MINUTE, START, type Gateway } from '../read-once/world.ts';
import { scopeOf } from '../support.ts';
import { NOW, shard, warmGateway } from './world.ts';

async function pushesOf(gateway: Gateway, text: string): Promise<readonly PushExplanation[]> {
  const [start, end, step] = [START + NOW - 20 * MINUTE, START + NOW - 5 * MINUTE, MINUTE];
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

test('an explanation tells which shards would compute, and why others would not', async () => {
  const gateway = await warmGateway(shard('eu'), shard('us', 1), shard('asia', 1));
  Object.assign(gateway.endpoints[3]!.backend, { evaluate: undefined });
  assert.deepEqual(await pushesOf(gateway, 'sum(m_total)'), [
    { shard: '{cluster="eu"}', endpoint: 'eu-a:1', reason: undefined },
    { shard: '{cluster="us"}', endpoint: 'us-a:1', reason: undefined },
    {
      shard: '{cluster="asia"}',
      endpoint: undefined,
      reason: 'the server may evaluate in another way than this gateway',
    },
  ]);
});

test('where nothing is to be computed elsewhere it tells nothing of that', async () => {
  assert.deepEqual(await pushesOf(await warmGateway(shard('eu')), 'm_total'), []);
});
