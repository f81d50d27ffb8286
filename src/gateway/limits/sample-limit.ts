import { limitOf, refusalBy, type CallerLimits } from '../../model/caller-limits.ts';
import type { QueryError } from '../../model/errors.ts';

/** How many samples a query of a caller may hold, or be answered with by a sampled remote read; undefined where it has no limit. */
export function sampleLimitOf(
  limits: CallerLimits,
): { readonly most: number; readonly refuse: (samples: number) => QueryError } | undefined {
  const most = limitOf(limits, 'max_samples');
  if (most === Infinity) return undefined;
  return {
    most,
    refuse: (samples) =>
      refusalBy(
        limits,
        'max_samples',
        `the query needs ${samples} samples or more at once; the limit is ${most}`,
        'select fewer series or a shorter range',
      ),
  };
}
