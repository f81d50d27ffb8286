import type { SampleBuffer } from '../../model/sample-columns.ts';
import { floatFromBits } from './xor-float.ts';
import { checkTime } from './timestamps.ts';

/** Takes the float samples of one chunk in order and appends those in [minTime, maxTime] to a buffer. */
export class FloatAppender {
  /** True as soon as a sample came after `maxTime`: the rest of the chunk need not be read. */
  done = false;
  readonly #target: SampleBuffer;
  readonly #minTime: number;
  readonly #maxTime: number;
  #previous = -Infinity;

  constructor(target: SampleBuffer, minTime: number, maxTime: number) {
    this.#target = target;
    this.#minTime = minTime;
    this.#maxTime = maxTime;
  }

  /** The value comes as its bits, so that stale markers and other NaNs stay what they are. */
  append(time: number, high: number, low: number, start = 0): void {
    checkTime(time, this.#previous);
    this.#previous = time;
    if (time > this.#maxTime) {
      this.done = true;
    } else if (time >= this.#minTime) {
      this.#target.push(time, floatFromBits(high, low));
      if (start !== 0 || this.#target.st !== undefined) this.#target.setStart(start);
    }
  }
}
