import { useMemo } from 'preact/hooks';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { percentText } from '../text/numbers.ts';
import { timeText } from '../text/time.ts';
import type { Compared } from './comparison.ts';
import { greatestDifference, type GraphSeries } from './graph-data.ts';
import { Losses } from './losses.tsx';

/** How far two answers are apart, or why there is no second one. */
export function Comparison({
  series,
  compared: { value, losses, failure },
  times,
  isStacked,
  hasHeatmap,
}: {
  readonly series: readonly GraphSeries[];
  readonly compared: Compared;
  readonly times: Float64Array;
  readonly isStacked: boolean;
  readonly hasHeatmap: boolean;
}) {
  return (
    <>
      {failure !== undefined && <FailureNotice failure={failure} />}
      <Losses texts={losses} />
      {value !== undefined && failure === undefined && (
        <Difference
          series={series}
          compared={value}
          times={times}
          how={comparisonText(isStacked, hasHeatmap)}
        />
      )}
    </>
  );
}

function Difference({
  series,
  compared,
  times,
  how,
}: {
  readonly series: readonly GraphSeries[];
  readonly compared: readonly GraphSeries[];
  readonly times: Float64Array;
  readonly how: string;
}) {
  const worst = useMemo(() => greatestDifference(series, compared), [series, compared]);
  if (worst === undefined)
    return (
      <p class="small">The other answer has no series with the same labels, so the two cannot be compared.</p>
    );
  return (
    <p class="small">
      {worst.share === 0 ? (
        'Both answers are the same.'
      ) : (
        <>
          At most <strong>{percentText(worst.share)}</strong> apart ({how}), at {timeText(times[worst.step]!)}
          .
        </>
      )}
    </p>
  );
}

function comparisonText(isStacked: boolean, hasHeatmap: boolean): string {
  if (hasHeatmap) return 'histograms by their counts; a heatmap has no second line';
  return isStacked ? 'not drawn, because lines are stacked' : 'dashed, and shaded between';
}
