import { openBudget, type Budget, type BudgetLimits, type MemoryPool } from '../../model/budget.ts';
import { formatBytes } from '../../model/byte-size.ts';
import { limitOf, refusalBy, UNLIMITED, type CallerLimits } from '../../model/caller-limits.ts';

/** The budget of a request: where its caller may receive less than the server allows, that counts, and is what the caller is told. */
export function limitedBudget(
  pool: MemoryPool,
  { bytes, series: ofServer }: BudgetLimits,
  limits: CallerLimits = UNLIMITED,
): Budget {
  const ofCaller = limitOf(limits, 'max_series');
  const isCallers = ofCaller < (ofServer > 0 ? ofServer : Infinity);
  const received = limitOf(limits, 'max_received_bytes');
  return openBudget(
    pool,
    { bytes, series: isCallers ? ofCaller : ofServer, ...(received < Infinity && { received }) },
    {
      series: isCallers
        ? (most) =>
            refusalBy(
              limits,
              'max_series',
              `the request receives more series than the limit of ${most}`,
              'select fewer series',
            )
        : undefined,
      received: (most) =>
        refusalBy(
          limits,
          'max_received_bytes',
          `the request receives more from servers than the limit of ${formatBytes(most)}`,
          'select fewer series or a shorter range',
        ),
    },
  );
}
