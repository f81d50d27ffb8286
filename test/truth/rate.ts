import { RANGE_KERNELS } from '../../src/engine/kernels/range-kernels.ts';
import { StepRow } from '../../src/engine/step-row.ts';
import { firstAtOrAfter } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';

/** `rate` of the samples in (t - range, t], ms, with the engine's own kernel; events per second. */
export function rateAt(samples: SampleColumns, t: number, range: number): number {
  const row = new StepRow(1);
  RANGE_KERNELS['rate']!(
    {
      length: samples.length,
      t: samples.t,
      v: samples.v,
      h: samples.h,
      metricName: 'requests_total',
      st: undefined,
      stepCount: 1,
      stepTime: Float64Array.of(t),
      lo: Int32Array.of(firstAtOrAfter(samples, t - range + 1)),
      hi: Int32Array.of(firstAtOrAfter(samples, t + 1)),
      windowStart: Float64Array.of(t - range),
      windowEnd: Float64Array.of(t),
      args: [],
    },
    row,
    { warn: () => {}, info: () => {}, warnCounted: () => {} },
  );
  return row.v[0]!;
}
