import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { explainCoverage } from '../../../src/select/coverage/explain-coverage.ts';
import { merging, scopeWith } from '../../support/scopes.ts';
import { MINUTE, START, indexAt, replicaOf, scraped } from './support.ts';

const A = replicaOf('a', { 1: scraped(0, 600) });
const B = replicaOf('b', { 1: scraped(0, 600) });

/** What is told of both replicas of the 20 minutes before 310 minutes after the start; `a` was read up to 300 minutes after it. */
async function explained(a: Endpoint, upTo = 310) {
  const { index: coverage, clock } = indexAt(300);
  await coverage.refresh(A);
  clock.at = START + upTo * MINUTE;
  await coverage.refresh(B);
  const range = { minTime: START + 290 * MINUTE, maxTime: START + 310 * MINUTE };
  const request = { matchers: [], ...range, lookback: 0, hints: { range: 0, func: '' } };
  const told = await explainCoverage(
    { coverage, clock },
    scopeWith({ replicas: merging('__replica__') }),
    request,
    fixedTopology([a, B]),
  );
  return [told.get(A.id), told.get(B.id)];
}

test('of a replica that is not read any more only what was read is called whole', async () => {
  assert.deepEqual(await explained(A), [
    { kind: 'whole', targets: 1, knownUntil: START + 300 * MINUTE },
    { kind: 'whole', targets: 1, knownUntil: undefined },
  ]);
});

test('one that was read a minute ago is whole, unless it is down', async () => {
  const failure = { kind: 'unavailable', endpoint: 'a:1', reason: 'connection refused' } as const;
  const down: Endpoint = { ...A, health: { kind: 'down', failure, since: 0 } };
  const untilOf = async (a: Endpoint): Promise<unknown> => (await explained(a, 301))[0];
  assert.deepEqual(await untilOf(A), { kind: 'whole', targets: 1, knownUntil: undefined });
  assert.deepEqual(await untilOf(down), { kind: 'whole', targets: 1, knownUntil: START + 300 * MINUTE });
});
