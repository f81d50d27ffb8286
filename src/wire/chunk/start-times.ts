import type { BitReader } from './bit-reader.ts';
import { ChunkFormatError } from './chunk-format-error.ts';

/**
 * Start timestamps inside a chunk (Prometheus tsdb/chunkenc, st.go). One header byte: the top bit says that the first
 * sample has one, the other seven at which sample the first change is; 0 means never. From there on every sample
 * carries the distance from its predecessor's timestamp, then the change of this distance.
 */
export class StartTimes {
  /** Start timestamp of the newest sample in ms, 0 where unknown. */
  current = 0;
  readonly #firstKnown: boolean;
  readonly #changesFrom: number;
  #distance = 0;

  constructor(header: number) {
    this.#firstKnown = (header & 0x80) !== 0;
    this.#changesFrom = header & 0x7f;
  }

  /** Reads what follows sample `index` (from 0), whose own and whose predecessor's timestamp are known. */
  read(reader: BitReader, index: number, time: number, previousTime: number): void {
    if (index === 0) {
      if (this.#firstKnown) this.#set(time - reader.varint());
    } else if (this.#changesFrom > 0 && index >= this.#changesFrom) {
      const change = reader.varbitInt();
      this.#distance = index === this.#changesFrom ? change : this.#distance + change;
      this.#set(previousTime - this.#distance);
    }
  }

  #set(start: number): void {
    if (!Number.isSafeInteger(start))
      throw new ChunkFormatError('a chunk holds a start timestamp beyond 2^53 ms');
    this.current = start;
  }
}
