import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readPiece, writePiece } from '../../../../src/gateway/results-cache/shared/piece-columns.ts';
import type { Stretch } from '../../../../src/gateway/results-cache/stretch.ts';
import { HistogramColumn } from '../../../../src/model/histogram/histogram-column.ts';
import { compareLabels, labelsFrom, labelsKey } from '../../../../src/model/labels.ts';
import { Pacer } from '../../../../src/model/pacer.ts';
import { assertProperty } from '../../../support/property.ts';

const NUMBERS = { start: 3, interval: 1000 };
const MOST = 1e6;
const pacer = new Pacer(new AbortController());

/** Values of any bits: NaNs that carry something, both zeros, and the rest. */
const value = fc
  .oneof(fc.double(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  .map((given) =>
    typeof given === 'number' ? given : new Float64Array(new BigUint64Array([given]).buffer)[0]!,
  );

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 5 });

const stretches = fc.integer({ min: 1, max: 256 }).chain((steps) =>
  fc
    .record({
      from: fc.integer({ min: -1000, max: 1e9 }),
      series: fc.array(
        fc.record({
          labels: fc.array(fc.tuple(text, text), { maxLength: 4 }).map((pairs) => labelsFrom(pairs)),
          at: fc.uniqueArray(fc.nat({ max: steps - 1 }), { minLength: 1, maxLength: steps }),
          values: fc.array(value, { minLength: steps, maxLength: steps }),
        }),
        { maxLength: 5 },
      ),
      counts: fc.array(fc.nat(), { minLength: steps, maxLength: steps }),
    })
    .map(({ from, series, counts }): Stretch => {
      const byLabels = new Map(series.map((each) => [labelsKey(each.labels), each]));
      const sorted = [...byLabels.values()].sort((a, b) => compareLabels(a.labels, b.labels));
      return {
        from,
        to: from + steps,
        counts: Float64Array.from(counts),
        annotations: [],
        series: sorted.map(({ labels, at, values }) => {
          const t = Float64Array.from(
            at.toSorted((a, b) => a - b),
            (i) => 3 + (from + i) * 1000,
          );
          const v = Float64Array.from(values.slice(0, t.length));
          return { labels, columns: { length: t.length, t, v, h: undefined, st: undefined } };
        }),
      };
    }),
);

const bits = (column: Float64Array, length: number): string =>
  Buffer.from(column.slice(0, length).buffer).toString('hex');

const plain = ({ from, to, counts, series }: Stretch): unknown => ({
  from,
  to,
  counts: [...counts],
  series: series.map(({ labels, columns: { length, t, v } }) => [labels, bits(t, length), bits(v, length)]),
});

const oneSeries = (h?: HistogramColumn): Stretch => ({
  from: 0,
  to: 2,
  counts: new Float64Array(2),
  annotations: [],
  series: [
    {
      labels: labelsFrom([['a', 'b']]),
      columns: { length: 2, t: Float64Array.of(3, 1003), v: Float64Array.of(1, 2), h, st: undefined },
    },
  ],
});

describe('a piece of results as bytes', () => {
  test('comes back as it was, to the last bit', async () => {
    await assertProperty(
      fc.asyncProperty(stretches, fc.integer({ min: 0, max: 2 ** 45 }), async (stretch, evaluatedAt) => {
        const bytes = await writePiece({ stretch, evaluatedAt }, NUMBERS, MOST, pacer);
        const read = await readPiece(bytes!, NUMBERS, pacer);
        assert.equal(read.evaluatedAt, evaluatedAt);
        assert.deepEqual(plain(read.stretch), plain(stretch));
      }),
      { seed: 71_100 },
    );
  });

  test('is read or refused, and nothing else, where it was damaged', async () => {
    const outcomes = { read: 0, refused: 0 };
    await assertProperty(
      fc.asyncProperty(
        stretches,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.nat(),
        async (stretch, at, by, cut) => {
          const bytes = (await writePiece({ stretch, evaluatedAt: 5 }, NUMBERS, MOST, pacer))!;
          const damaged = cut % 3 === 0 ? bytes.slice(0, at % bytes.length) : bytes.slice();
          if (damaged.length > 0) damaged[at % damaged.length]! ^= by;
          try {
            await readPiece(damaged, NUMBERS, pacer);
            outcomes.read++;
          } catch (thrown) {
            assert.ok(thrown instanceof Error && !(thrown instanceof assert.AssertionError));
            outcomes.refused++;
          }
        },
      ),
      { seed: 71_101 },
    );
    assert.ok(outcomes.read > 5 && outcomes.refused > 5, JSON.stringify(outcomes));
  });

  test('is none where it has native histograms, or would be too large', async () => {
    const whole = { stretch: oneSeries(), evaluatedAt: 1 };
    const size = (await writePiece(whole, NUMBERS, MOST, pacer))!.length;
    assert.equal(await writePiece(whole, NUMBERS, size - 1, pacer), undefined);
    const histograms = { stretch: oneSeries(new HistogramColumn()), evaluatedAt: 1 };
    assert.equal(await writePiece(histograms, NUMBERS, MOST, pacer), undefined);
  });
});
