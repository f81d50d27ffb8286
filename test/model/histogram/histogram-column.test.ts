import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { type FloatHistogram, ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import { HistogramColumn } from '../../../src/model/histogram/histogram-column.ts';
import { layoutOf } from '../../../src/model/histogram/layout.ts';
import { arbitraryCustom, arbitraryExponential, asRecord, exponential } from '../../support/histograms.ts';
import { assertProperty } from '../../support/property.ts';

const histogram = fc.oneof(arbitraryExponential, arbitraryCustom);
/** Neighbours are often alike, and some places have none. */
const places = fc
  .tuple(fc.array(histogram, { minLength: 1, maxLength: 4 }), fc.array(fc.nat({ max: 6 }), { maxLength: 20 }))
  .map(([some, picks]) => picks.map((pick): FloatHistogram | undefined => some[pick]));

describe('a column of histograms', () => {
  it('gives back what was put in, after any copying of ranges', () => {
    assertProperty(
      fc.property(places, places, fc.nat({ max: 20 }), fc.nat({ max: 20 }), (first, second, a, b) => {
        const [from, to] = [Math.min(a, b, second.length), Math.min(Math.max(a, b), second.length)];
        const target = HistogramColumn.of(first);
        target.append(first.length, fresh(second), from, to);
        assert.deepEqual(records(target), trimmed([...first, ...second.slice(from, to)]));
        assert.deepEqual(records(target.slice()), trimmed([...first, ...second.slice(from, to)]));
      }),
      { seed: 21, numRuns: 500 },
    );
  });

  it('closes gaps, as where stale markers are dropped', () => {
    assertProperty(
      fc.property(places, (all) => {
        const column = HistogramColumn.of(all);
        let kept = 0;
        for (const i of all.keys()) if (i % 3 !== 1) column.move(i, kept++);
        column.truncate(kept);
        assert.deepEqual(records(column), trimmed(all.filter((_, i) => i % 3 !== 1)));
      }),
      { seed: 22, numRuns: 300 },
    );
  });

  it('forgets all when it is cleared, and what was taken out of it stays', () => {
    const column = fresh([exponential({ positive: { 1: 2 }, negative: { 3: 4 } })]);
    const taken = column.at(0)!;
    column.clear();
    column.set(1, exponential({ positive: { 5: 6 } }));
    assert.deepEqual([column.has(0), column.at(0), column.at(2)], [false, undefined, undefined]);
    assert.deepEqual(asRecord(taken), asRecord(exponential({ positive: { 1: 2 }, negative: { 3: 4 } })));
  });

  it('leaves buckets without observations out only where it is told to', () => {
    const column = new HistogramColumn();
    const h = exponential({ positive: { 1: 2, 2: 0, 3: 4 }, negative: { 1: 0 } });
    column.set(0, h);
    for (const [i, sparse] of [
      [1, false],
      [2, true],
    ] as const) {
      const offset = column.place(i, column.layoutAt[0]!, ResetHint.gauge, sparse);
      column.buckets.set([2, 0, 4, 0], offset);
    }
    assert.deepEqual([...column.at(1)!.positive.index], [1, 2, 3]);
    assert.deepEqual([...column.at(2)!.positive.index], [1, 3]);
    assert.deepEqual([...column.at(2)!.negative.index], []);
    assert.equal(column.slice().at(2)!.resetHint, ResetHint.gauge);
    assert.deepEqual([...column.slice().at(2)!.positive.index], [1, 3], 'in a copy as well');
  });

  it('copies histograms without buckets in one go, however many there are', () => {
    const column = new HistogramColumn();
    const zeros = new Float64Array(1_000_000);
    const numbers = { counts: zeros, sums: zeros, zeroCounts: zeros, buckets: new Float64Array(0) };
    column.appendRun(
      0,
      zeros.length,
      layoutOf(exponential({})),
      numbers,
      ResetHint.unknown,
      ResetHint.notReset,
    );
    column.set(zeros.length, exponential({ positive: { 1: 2 } }));
    const copy = column.slice();
    assert.deepEqual(asRecord(copy.at(999_999)!), asRecord(column.at(999_999)!));
    assert.deepEqual(asRecord(copy.at(zeros.length)!), asRecord(column.at(zeros.length)!));
  });

  it('shares the buckets of a histogram that comes again', () => {
    const column = new HistogramColumn();
    const h = exponential({ positive: { 1: 2, 2: 3 } });
    for (let i = 0; i < 100; i++) column.set(i, h);
    assert.equal(column.used, 2);
    assert.equal(column.at(99), h);
  });

  it('has a new hint where it is set, and the histogram that was taken out has the old one', () => {
    const column = fresh([exponential({ positive: { 1: 2 }, resetHint: ResetHint.notReset })]);
    const before = column.at(0)!;
    column.setHint(0, ResetHint.unknown);
    assert.deepEqual([before.resetHint, column.at(0)!.resetHint], [ResetHint.notReset, ResetHint.unknown]);
  });
});

/** Without the histograms that were put in: all that comes out was made from the columns. */
function fresh(all: readonly (FloatHistogram | undefined)[]): HistogramColumn {
  const column = new HistogramColumn();
  for (const [i, h] of all.entries()) {
    if (h === undefined) continue;
    const one = HistogramColumn.of([h]);
    const offset = column.place(i, column.layoutIndex(one.layouts[0]!), h.resetHint, false);
    column.buckets.set(one.buckets.subarray(0, one.used), offset);
    column.count[i] = h.count;
    column.sum[i] = h.sum;
    column.zeroCount[i] = h.zeroCount;
  }
  return column;
}

function records(column: HistogramColumn): readonly unknown[] {
  return trimmed(column.toArray());
}

/** Places behind the last histogram are none. */
function trimmed(all: readonly (FloatHistogram | undefined)[]): readonly unknown[] {
  const length = all.findLastIndex((h) => h !== undefined) + 1;
  return all.slice(0, length).map((h) => h && asRecord(h));
}
