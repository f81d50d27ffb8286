import { trimmed, withRoom } from './growing.ts';
import type { KnownSeries } from './known-series.ts';

/** What the labels of a batch follow from, where all of its series are known. */
export interface BatchOrigin {
  readonly known: KnownSeries;
  /** By series: its label set. */
  readonly sets: Int32Array<ArrayBuffer>;
  /** Equal where the same was laid over the sets. */
  readonly overlaid: string;
}

/** Finds the series of one answer among label sets that came before, and takes down which set each has. */
export class Recognition {
  readonly #known: KnownSeries;
  readonly #takenBefore: number;
  /** By series: its label set; -1 where it is not known. */
  #sets = new Int32Array(0);
  #length = 0;
  /** The set of the series before, and the one that was found. */
  #before = -1;
  #found = -1;
  #recognized = 0;
  #unknown = 0;
  #overlaid = '';
  /** The bytes that labels were looked for in last. */
  #view: DataView | undefined;
  #viewed: Uint8Array | undefined;

  constructor(known: KnownSeries) {
    this.#known = known;
    this.#takenBefore = known.bytes;
  }

  /** Memory that it takes, about, and by which what is known has grown. */
  get bytes(): number {
    return this.#known.bytes - this.#takenBefore + 4 * this.#sets.length;
  }

  /** How many series, pieces of long ones counted each, were known, and how many were not. */
  get counts(): { readonly recognized: number; readonly unknown: number } {
    return { recognized: this.#recognized, unknown: this.#unknown };
  }

  /** Of an answer of so many series; undefined where one of them is not known. */
  originOf(length: number): BatchOrigin | undefined {
    if (this.#length !== length || this.#sets.includes(-1)) return undefined;
    return { known: this.#known, sets: this.#sets, overlaid: this.#overlaid };
  }

  /** See {@link KnownSeries.find}; what it finds counts once the series was {@link took | taken down}. */
  find(message: Uint8Array, start: number, end: number): number {
    this.#found = this.#known.find(this.#viewOf(message), start, end, this.#before);
    return this.#found;
  }

  /** To be called where a series has labels beside those of the set that was found. */
  miss(): void {
    this.#found = -1;
  }

  get isFound(): boolean {
    return this.#found >= 0;
  }

  /** Takes down the set that was found for a series; it may be a further piece of the one before. */
  took(index: number): void {
    if (this.#found >= 0) {
      this.#recognized++;
      this.#before = this.#found;
    } else this.#unknown++;
    if (index === this.#length) {
      this.#sets = withRoom(this.#sets, ++this.#length);
      this.#sets[index] = this.#found;
    }
    this.#found = -1;
  }

  /** Learns the labels of the series that was taken down last, see {@link KnownSeries.learn}. */
  learn(message: Uint8Array, start: number, end: number, ids: Int32Array, from: number, to: number): void {
    const set = this.#known.learn(this.#viewOf(message), start, end, ids, from, to, this.#before);
    if (set < 0) return;
    this.#sets[this.#length - 1] = set;
    this.#before = set;
  }

  /** Says what was laid over the sets. */
  overlay(what: string): void {
    this.#overlaid += ` ${what}`;
  }

  /** To be called when the answer is whole. */
  trim(): void {
    this.#sets = trimmed(this.#sets, this.#length);
    this.#view = undefined;
    this.#viewed = undefined;
  }

  #viewOf(message: Uint8Array): DataView {
    if (this.#view === undefined || this.#viewed !== message) {
      this.#view = new DataView(message.buffer, message.byteOffset, message.length);
      this.#viewed = message;
    }
    return this.#view;
  }
}
