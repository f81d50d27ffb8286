/**
 * Prints milliseconds as seconds with no or exactly three decimals: `1795347900`, `1795348798.500`
 * (util/jsonutil `MarshalTimestamp`).
 */
export function formatTimestamp(ms: number): string {
  const magnitude = Math.abs(ms);
  const seconds = Math.floor(magnitude / 1000);
  const fraction = magnitude - seconds * 1000;
  const sign = ms < 0 ? '-' : '';
  return fraction === 0 ? `${sign}${seconds}` : `${sign}${seconds}.${String(fraction).padStart(3, '0')}`;
}

/** Prints milliseconds as a plain JSON number of seconds, as Prometheus does for scalars: `1795348798.5`. */
export function formatSeconds(ms: number): string {
  return String(ms / 1000);
}

const SLOTS = 4096;

/**
 * Remembers the text in front of a sample, `[<timestamp>,"`, by timestamp: all series of a range answer share their
 * steps, so formatting a timestamp again for each series would be half of the work.
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
