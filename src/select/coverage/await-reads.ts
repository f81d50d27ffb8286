import type { CoverageIndex } from '../../cluster/coverage/coverage-index.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { abortError } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { unlessAborted } from '../../model/unless-aborted.ts';

/** Reads what is not known of a range. */
export async function loaded(
  coverage: CoverageIndex,
  scope: RequestScope,
  endpoints: readonly Endpoint[],
  range: TimeRange,
): Promise<void> {
  await whileAsked(
    scope,
    endpoints.map(async (endpoint) => coverage.load(endpoint, range)),
  );
}

/** Reads what came since the last refresh of those endpoints of which it was before a time, ms since the epoch. */
export async function refreshed(
  coverage: CoverageIndex,
  scope: RequestScope,
  endpoints: readonly Endpoint[],
  since: number,
): Promise<void> {
  const stale = endpoints.filter((endpoint) => coverage.standing(endpoint, 0).until < since);
  await whileAsked(
    scope,
    stale.map(async (endpoint) => coverage.refresh(endpoint)),
  );
}

/** Waits for reads as long as the request goes on. They go on behind it, since what they read is kept. */
async function whileAsked({ signal }: RequestScope, reads: readonly Promise<unknown>[]): Promise<void> {
  await unlessAborted(signal, Promise.all(reads), () => {
    throw abortError(signal, 'reading when endpoints scraped their targets');
  });
}
