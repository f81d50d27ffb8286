import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { QueryError } from '../../src/model/errors.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { answerOf } from '../support/evaluate-text.ts';
import { until } from '../support/until.ts';

const SECOND = 1000;
const STEPS = 4000;
const MAX_SAMPLES = 2_000_000;
/** A row of the answer holds a timestamp and a value a step. */
const BYTES_PER_SAMPLE = 16;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes of all columns that are still referred to. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}

test('a query that goes over the limit leaves nothing in memory, and says which limit', async () => {
  const seen: number[] = [];
  const source: SeriesSource = {
    select: async () => ({
      annotations: [],
      series: Array.from({ length: 1000 }, (_, i) => ({
        labels: labelsFromRecord({ __name__: 'x', i: String(i) }),
        dropName: false,
        read: (target) => {
          target.clear();
          for (let k = 0; k < STEPS; k++) target.push(k * SECOND, k);
          if (i === 400) seen.push(heldBytes());
        },
      })),
    }),
  };
  const before = heldBytes();
  const times = { start: 0, end: (STEPS - 1) * SECOND, step: SECOND };
  const thrown: unknown = await answerOf('x', source, times, { maxSamples: MAX_SAMPLES }).catch(
    (error: unknown) => error,
  );

  assert.ok(thrown instanceof QueryError);
  assert.match(thrown.message, /samples are over the limit of 2000000 for x$/);
  const [most = 0] = seen;
  assert.ok(most - before > 400 * STEPS * BYTES_PER_SAMPLE * 0.5, `${most - before} bytes were held`);
  // Columns are freed by another thread, soon after the garbage was found.
  await until('the columns are free', 10_000, async () => heldBytes() - before < 1e6);
});
