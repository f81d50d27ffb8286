import { formatTimestamp } from '../../json/scalars.ts';

const SLOTS = 4096;

/**
 * Remembers the text in front of a sample, `[<timestamp>,"`, by timestamp. All series of a range answer share their
 * steps, and formatting a timestamp again for each series would be half of the work.
 */
export class SamplePrefixes {
  readonly #times = new Float64Array(SLOTS).fill(Number.NaN);
  readonly #texts: string[] = [];

  /** `[1795347900,"` for 1795347900000. */
  of(ms: number): string {
    const slot = (ms / 1000) & (SLOTS - 1);
    if (this.#times[slot] === ms) return this.#texts[slot]!;
    const text = `[${formatTimestamp(ms)},"`;
    this.#times[slot] = ms;
    this.#texts[slot] = text;
    return text;
  }

  /** The same without the quote, for values that are objects: `[1795347900,`. */
  bare(ms: number): string {
    return this.of(ms).slice(0, -1);
  }
}
