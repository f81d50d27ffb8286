import { sameBounds } from '../../src/model/histogram/custom-bounds.ts';
import { detectReset } from '../../src/model/histogram/detect-reset.ts';
import { type FloatHistogram, ResetHint } from '../../src/model/histogram/float-histogram.ts';

/**
 * The reset hints that histograms have when a time series database gives them back: it starts a chunk at each reset
 * at each change of the layout and behind a float or a stale marker; the first histogram of a chunk says nothing (or gauge), the others `notReset`. Undefined stands for a float.
 */
export function storedHints(samples: readonly (FloatHistogram | undefined)[]): readonly ResetHint[] {
  let previous: FloatHistogram | undefined;
  return samples.map((histogram) => {
    const continues = histogram !== undefined && previous !== undefined && goesOn(histogram, previous);
    previous = histogram;
    if (histogram?.resetHint === ResetHint.gauge) return ResetHint.gauge;
    return continues ? ResetHint.notReset : ResetHint.unknown;
  });
}

function goesOn(current: FloatHistogram, previous: FloatHistogram): boolean {
  return (
    previous.resetHint !== ResetHint.gauge &&
    current.resetHint !== ResetHint.reset &&
    current.schema === previous.schema &&
    current.zeroThreshold === previous.zeroThreshold &&
    sameBounds(current.customValues, previous.customValues) &&
    !detectReset({ ...current, resetHint: ResetHint.unknown }, previous)
  );
}
