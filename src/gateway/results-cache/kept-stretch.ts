import type { MatrixSeries } from '../../engine/answer.ts';
import { ColumnSlab } from '../../model/column-slab.ts';
import type { Pacer } from '../../model/pacer.ts';
import type { SampleColumns } from '../../model/sample-columns.ts';
import { bytesOfTexts } from '../list-cache.ts';
import { timesOfSteps, type StepNumbers, type Stretch } from './stretch.ts';

/** A stretch on memory of its own. */
export interface KeptStretch {
  readonly stretch: Stretch;
  /** What it takes in memory, about. */
  readonly bytes: number;
}

/** Of a series beside its labels and samples: objects and views. */
const SERIES_BYTES = 300;
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;

/**
 * Copies a stretch, so that what is kept does not hold on to the whole answer that it was cut from. Series that have all steps share
 * their times.
 */
export async function copyStretch(
  stretch: Stretch,
  numbers: StepNumbers,
  pacer: Pacer,
): Promise<KeptStretch> {
  const { from, to, counts, annotations } = stretch;
  const times = timesOfSteps(numbers, from, to);
  const slab = new ColumnSlab();
  let bytes = 2 * times.byteLength;
  const series: MatrixSeries[] = [];
  await pacer.forEach(stretch.series, ({ labels, columns }) => {
    const copy = copyColumns(columns, times, slab);
    series.push({ labels, columns: copy });
    const own = copy.t === times ? copy.length : 2 * copy.length;
    bytes += SERIES_BYTES + bytesOfTexts(labels) + own * NUMBER_BYTES + (copy.h?.byteLength ?? 0);
  });
  return { stretch: { from, to, series, counts: counts.slice(), annotations }, bytes };
}

function copyColumns(
  { length, t, v, h }: SampleColumns,
  times: Float64Array,
  slab: ColumnSlab,
): SampleColumns {
  return {
    length,
    t: length === times.length ? times : slab.copy(t.subarray(0, length)),
    v: slab.copy(v.subarray(0, length)),
    h: h?.slice(0, length),
    st: undefined,
  };
}
