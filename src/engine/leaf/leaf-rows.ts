import type { KernelNotes } from '../kernels/range-kernel.ts';
import { rangeKernelOf } from '../kernels/range-kernel-of.ts';
import { bug } from '../../model/errors.ts';
import { RangeWindows, reachOf } from '../operators/range/range-windows.ts';
import { dropStaleMarkers } from '../operators/range/selector-source.ts';
import { reduceToStats } from '../operators/select/histogram-stats.ts';
import type { SampleCounts } from '../sample-counts.ts';
import { instantOf } from '../step-grid.ts';
import { InstantRows } from './instant-rows.ts';
import type { Leaf, LeafRows, RangeLeaf } from './leaf.ts';
import { RangeRows } from './range-rows.ts';

/** What makes the rows of a leaf from raw samples, stale markers included. Both sinks may be shared by many leaves. */
export function leafRows(leaf: Leaf, notes: KernelNotes, counts: SampleCounts): LeafRows {
  if (leaf.kind === 'range') return selectedRows(leaf, notes, counts);
  const { grid, shift } = leaf;
  const references = Float64Array.from({ length: grid.count }, (_, step) => instantOf(grid, shift, step));
  return new InstantRows(leaf, references, counts);
}

function selectedRows(leaf: RangeLeaf, notes: KernelNotes, counts: SampleCounts): LeafRows {
  const { grid, shift, range, extent, lookbackDelta, func, args, usesStart, statsOnly } = leaf;
  const windows = new RangeWindows(grid, shift, range, reachOf(extent, lookbackDelta));
  windows.layOut();
  const kernel = rangeKernelOf(func, extent) ?? bug(`no rows of ${func} over a selector with ${extent}`);
  const rows = new RangeRows({ kernel, windows, args, usesStart, notes, counts });
  const { ends, reach } = windows.reads;
  return {
    fill: (samples, metricName, row) => {
      dropStaleMarkers(samples);
      if (statsOnly) reduceToStats(samples, ends, reach);
      return rows.fill(samples, metricName, row);
    },
  };
}
