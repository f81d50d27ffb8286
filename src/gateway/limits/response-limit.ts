import { formatBytes } from '../../model/byte-size.ts';
import { limitOf, refusalBy, type CallerLimits } from '../../model/caller-limits.ts';

/** Counts the bytes of one answer as they are made, before they are compressed. */
export class ResponseLimit {
  readonly #limits: CallerLimits;
  readonly #most: number;
  #sent = 0;

  constructor(limits: CallerLimits) {
    this.#limits = limits;
    this.#most = limitOf(limits, 'max_response_bytes');
  }

  /** Throws `too_large` where these bytes are more than the caller may be sent. */
  count(bytes: number): void {
    this.#sent += bytes;
    if (this.#sent <= this.#most) return;
    throw refusalBy(
      this.#limits,
      'max_response_bytes',
      `the answer has more than ${formatBytes(this.#most)}, which is the limit`,
      'select fewer series, a shorter range or a longer step',
    );
  }
}

/** The same parts of an answer, as far as its caller may be sent them. Promises between them are passed on. */
export function* limitedAnswer<T extends Uint8Array | Promise<void>>(
  limits: CallerLimits,
  parts: Iterable<T>,
): Generator<T> {
  const limit = new ResponseLimit(limits);
  for (const part of parts) {
    if (!(part instanceof Promise)) limit.count(part.length);
    yield part;
  }
}
