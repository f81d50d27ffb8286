import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Endpoint } from '../../../src/cluster/topology.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { ChunkEncoding } from '../../../src/model/chunk.ts';
import { SYSTEM_CLOCK } from '../../../src/model/clock.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { parse } from '../../../src/promql/parse.ts';
import {
  NEVER,
  scopeOf,
  columnsSeries,
  failingEndpoint,
  memoryEndpoint,
  messages,
  selectionOf,
} from '../support.ts';

const BROKEN = memoryEndpoint('a:1', {}, [
  {
    labels: labelsFromRecord({ __name__: 'm' }),
    data: {
      kind: 'chunks',
      chunks: [{ encoding: ChunkEncoding.xor, minTime: 0, maxTime: 1000, data: Uint8Array.of(0, 9, 1) }],
    },
  },
]);

async function remarksOn(
  text: string,
  range: { readonly start: number; readonly end: number; readonly step: number },
  ...endpoints: readonly Endpoint[]
): Promise<readonly string[]> {
  const features = new Set(['promql-experimental-functions']);
  const answer = await evaluate(
    { text, expr: parse(text, features), ...range },
    selectionOf(...endpoints).source(scopeOf()),
    {
      lookbackDelta: 300_000,
      maxSamples: 10_000,
      features,
      clock: SYSTEM_CLOCK,
      noStepSubqueryInterval: 60_000,
      perStepStats: false,
    },
    NEVER,
  );
  return messages(answer.annotations).filter((message) => !message.includes('PromQL info'));
}

for (const text of ['m', 'rate(m[5m])'])
  test(`an answer names what could not be decoded while it was computed: ${text}`, async () => {
    const [remark] = await remarksOn(text, { start: 1000, end: 1000, step: 0 }, BROKEN);
    assert.match(remark!, /^warning: endpoint a:1 .*cannot be decoded/);
  });

const HOLED = Array.from({ length: 100 }, (_, i) => [15_000 * (i + 1), i] as const).filter(
  ([t]) => t < 600_000 || t > 900_000,
);
const PAIR = [
  memoryEndpoint(
    'a:1',
    { __replica__: 'a' },
    [
      columnsSeries({ __name__: 'm', job: 'x' }, HOLED),
      columnsSeries({ __name__: 'target_info', job: 'x' }, HOLED),
    ],
    { replication: 'redundant' },
  ),
  failingEndpoint('b:1', { __replica__: 'b' }, { replication: 'redundant' }),
];

for (const text of ['m', 'rate(m[1m])', 'm + m', 'info(m)'])
  test(`of a lost replica an answer says one thing, after its series were read: ${text}`, async () => {
    const remarks = await remarksOn(text, { start: 300_000, end: 1_500_000, step: 60_000 }, ...PAIR);
    assert.ok(remarks.length > 0);
    for (const remark of remarks) assert.match(remark, /^warning: .*its replica a:1 has holes/);
  });
