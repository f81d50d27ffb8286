import { isRestricted } from '../../model/enforced-matchers.ts';
import type { CallSums } from '../../model/request-journal.ts';
import type { RequestScope } from '../../model/request-scope.ts';

/** What a query had from endpoints. How many were asked is undefined for a caller that may not know which there are. */
export type Fetched = Pick<CallSums, 'bytes'> &
  Partial<Pick<CallSums, 'calls' | 'endpoints' | 'answeredEndpoints'>>;

export function fetchedFor({ caller, journal }: Pick<RequestScope, 'caller' | 'journal'>): Fetched {
  const { bytes, calls, endpoints, answeredEndpoints } = journal.sums;
  return isRestricted(caller) ? { bytes } : { bytes, calls, endpoints, answeredEndpoints };
}
