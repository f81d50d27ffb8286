import { labelsFromRecord, type Labels } from '../../../src/model/labels.ts';

/** A load of very many series with few samples each: what wide selectors and long lists meet. */
export const WIDE_METRIC = 'wide';
/** ms since the epoch: when its newest samples were scraped. */
export const WIDE_END: number = 1_795_348_800_000;
export const WIDE_SAMPLES = 4;
export const WIDE_INTERVAL_MS = 15_000;

export function wideLabels(series: number): Labels {
  return labelsFromRecord({
    __name__: WIDE_METRIC,
    instance: `10.0.${series % 250}.1:9100`,
    job: `job-${series % 10}`,
    pod: `pod-${series.toString(36).padStart(6, '0')}`,
  });
}
