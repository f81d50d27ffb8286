import type { Labels } from '../../model/labels.ts';
import type { BackendDescription } from '../backend.ts';
import type { RawSeries } from '../../model/raw-data.ts';
import { timeRangeOf } from './time-range.ts';

/**
 * The time range is that of the samples; a backend without any has an empty one. External labels win over those of series, so
 * that none are their own.
 */
export function describeSeries(series: readonly RawSeries[], externalLabels: Labels): BackendDescription {
  let minTime = Infinity;
  let maxTime = -Infinity;
  for (const { data } of series) {
    const range = timeRangeOf(data);
    minTime = Math.min(minTime, range.minTime);
    maxTime = Math.max(maxTime, range.maxTime);
  }
  return { externalLabels, ownLabelNames: new Set(), protocol: 'memory', minTime, maxTime, version: '' };
}
