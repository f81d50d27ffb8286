import assert from 'node:assert/strict';
import { test } from 'node:test';

import { evaluate } from '../../src/engine/evaluate.ts';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { SYSTEM_CLOCK } from '../../src/model/clock.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { parse } from '../../src/promql/parse.ts';
import { NEVER, OPTIONS, memoryEndpoint, messages, selectionOf } from './support.ts';

const BROKEN = memoryEndpoint('a:1', {}, [
  {
    labels: labelsFromRecord({ __name__: 'm' }),
    data: {
      kind: 'chunks',
      chunks: [{ encoding: ChunkEncoding.xor, minTime: 0, maxTime: 1000, data: Uint8Array.of(0, 9, 1) }],
    },
  },
]);

for (const text of ['m', 'rate(m[5m])'])
  test(`an answer names what could not be decoded while it was computed: ${text}`, async () => {
    const answer = await evaluate(
      { text, expr: parse(text), start: 1000, end: 1000, step: 0 },
      selectionOf(BROKEN).source(OPTIONS),
      {
        lookbackDelta: 300_000,
        maxSamples: 1000,
        features: new Set(),
        clock: SYSTEM_CLOCK,
        noStepSubqueryInterval: 60_000,
        perStepStats: false,
      },
      NEVER,
    );
    assert.match(messages(answer.annotations)[0]!, /^warning: endpoint a:1 .*can not be decoded/);
  });
