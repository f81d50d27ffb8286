import { USUAL_LOOK_BACK_MS } from '../cluster/coverage/coverage-index.ts';
import { QueryError } from '../model/errors.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { CoverageReport } from '../select/coverage/report-coverage.ts';
import { askWithin } from './lookup.ts';
import type { GatewayContext } from './parts.ts';

/**
 * Which replica was there when. What is not known of a given range is read, so it may have a day at most.
 * @throws QueryError `bad_data` for a range that ends before it starts, or is longer.
 */
export async function findCoverage(
  parts: GatewayContext,
  scope: RequestScope,
  range: TimeRange | undefined,
): Promise<CoverageReport> {
  if (range !== undefined && range.maxTime < range.minTime)
    throw new QueryError('bad_data', 'end timestamp must not be before start time');
  if (range !== undefined && range.maxTime - range.minTime > USUAL_LOOK_BACK_MS)
    throw new QueryError('bad_data', 'the range must not be longer than 24 hours; ask for a shorter one');
  return askWithin(
    parts,
    scope,
    (bounded) => parts.selection.coverage(bounded, range),
    'the comparison of replicas',
  );
}
