import { openBudget, type Budget, type MemoryPool } from './budget.ts';
import { formatBytes } from './byte-size.ts';
import { QueryError } from './errors.ts';

/** The most that one call of the gateway itself may hold, such as a health check; bytes. */
export const OWN_LIMIT: number = 64 * 1024 ** 2;
/** The most that all of them may hold together; bytes. */
export const OWN_LIMIT_TOGETHER: number = 128 * 1024 ** 2;
/**
 * A call that holds no more than this, bytes, always has room. So endpoints that answer without end do not keep the gateway from
 * finding others well. How many calls run at once is bounded elsewhere (`cluster/probe-queue.ts`).
 */
const ALWAYS = 1024 ** 2;

/** An endpoint answers calls of the gateway itself with more than such answers have, alone or with others. */
export class OwnCallTooLarge extends QueryError {
  override readonly name = 'OwnCallTooLarge';
  /** Whether this one answer is too large, whatever others there are. */
  readonly isAlone: boolean;

  constructor(isAlone: boolean, message: string) {
    super('too_large', message);
    this.isAlone = isAlone;
  }
}

/** What the own calls of a process hold together. */
export class OwnMemory implements MemoryPool {
  #held = 0;

  take(bytes: number, held: number): void {
    if (held > OWN_LIMIT) throw tooManyBytes();
    if (held > ALWAYS && this.#held + bytes > OWN_LIMIT_TOGETHER) throw tooManyTogether();
    this.#held += bytes;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}

const OF_PROCESS = new OwnMemory();

/**
 * A budget for a call of the gateway itself, to be released at its end. It does not count against the limit of requests: with a full
 * process, health checks must not find endpoints ill. Taking from it throws {@link OwnCallTooLarge}.
 * @param mostSeries that may come; 0 means any number.
 */
export function ownBudget(mostSeries = 0, pool: MemoryPool = OF_PROCESS): Budget {
  return openBudget(pool, { bytes: 0, series: mostSeries }, { series: tooManySeries });
}

function tooManyBytes(): OwnCallTooLarge {
  return new OwnCallTooLarge(
    true,
    `the answer takes more than the ${formatBytes(OWN_LIMIT)} that a health check may`,
  );
}

function tooManyTogether(): OwnCallTooLarge {
  const most = formatBytes(OWN_LIMIT_TOGETHER);
  return new OwnCallTooLarge(
    false,
    `the answers to all health checks that run take more than ${most}; the gateway asks again later`,
  );
}

function tooManySeries(most: number): OwnCallTooLarge {
  return new OwnCallTooLarge(
    true,
    `the answer has more than ${most} series, the most that a health check reads`,
  );
}
