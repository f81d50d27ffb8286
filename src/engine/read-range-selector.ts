import { QueryError } from '../model/errors.ts';
import { SampleBuffer, copyColumns, type SampleColumns } from '../model/sample-columns.ts';
import type { MatrixSelectNode } from '../plan/plan-node.ts';
import type { MatrixSeries } from './answer.ts';
import { buildRangeSelector } from './build/build-range-selector.ts';
import type { EvalScope } from './context.ts';
import { histogramSizeAt } from './histogram-size.ts';
import { nextSeries } from './operators/range/range-source.ts';
import { extendToBoundaries } from './operators/range/extend-to-boundaries.ts';

/** The samples of a range selector that is the whole of an instant query. */
export async function readRangeSelector(
  node: MatrixSelectNode,
  scope: EvalScope,
): Promise<readonly MatrixSeries[]> {
  const { source, windows, extent } = buildRangeSelector(node, scope);
  const { pacer, budget } = scope.query;
  await source.open();
  await windows.open(pacer);
  const series: MatrixSeries[] = [];
  const buffer = new SampleBuffer();
  for (;;) {
    const next = nextSeries(source, buffer, pacer);
    // Waiting for a number costs a short series more than reading it.
    const index = typeof next === 'number' ? next : await next;
    if (index < 0) return series;
    if (pacer.due()) await pacer.breathe();
    windows.locate(buffer);
    const [lo, hi] = [windows.lo[0]!, windows.hi[0]!];
    if (hi <= lo) continue;
    const found = windowOf(buffer, lo, hi);
    const columns =
      extent === undefined
        ? found
        : extendToBoundaries(
            floatsOnly(found, extent),
            windows.windowStart[0]!,
            windows.windowEnd[0]!,
            extent,
          );
    const size = sizeOf(columns);
    if (size === 0) continue;
    budget.take(size);
    scope.counts.add(0, size);
    series.push({ labels: source.series.at(index)!.labels, columns });
  }
}

function windowOf({ t, v, h, st }: SampleColumns, lo: number, hi: number): SampleColumns {
  const all = { length: hi - lo, t: t.subarray(lo, hi), v: v.subarray(lo, hi) };
  return copyColumns({ ...all, h: h?.slice(lo, hi), st: st?.subarray(lo, hi) });
}

function floatsOnly(columns: SampleColumns, extent: string): SampleColumns {
  if (columns.h?.hasAny() === true) {
    throw new QueryError('execution', `${extent} modifier is not supported with histograms`);
  }
  return columns;
}

function sizeOf({ length, h }: SampleColumns): number {
  let size = length;
  if (h !== undefined) for (let i = 0; i < length; i++) if (h.has(i)) size += histogramSizeAt(h, i) - 1;
  return size;
}
