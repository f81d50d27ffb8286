/** Columns of a batch before anything was written. */
export interface FirstColumns {
  /** By series. */
  readonly labelEnds: Uint32Array<ArrayBuffer>;
  readonly chunkEnds: Uint32Array<ArrayBuffer>;
  /** By label. */
  readonly labels: Int32Array<ArrayBuffer>;
  /** By chunk. */
  readonly minTimes: Float64Array<ArrayBuffer>;
  readonly maxTimes: Float64Array<ArrayBuffer>;
  readonly places: Uint32Array<ArrayBuffer>;
  readonly sizes: Uint32Array<ArrayBuffer>;
  readonly encodings: Uint8Array<ArrayBuffer>;
}

const [SERIES, LABELS, CHUNKS] = [64, 256, 64];
const BYTES = SERIES * 8 + LABELS * 4 + CHUNKS * 25;

/** Of a batch without series. */
export const NO_COLUMNS: FirstColumns = {
  labelEnds: new Uint32Array(0),
  chunkEnds: new Uint32Array(0),
  labels: new Int32Array(0),
  minTimes: new Float64Array(0),
  maxTimes: new Float64Array(0),
  places: new Uint32Array(0),
  sizes: new Uint32Array(0),
  encodings: new Uint8Array(0),
};

/**
 * Columns for as many series as most answers have, cut from one buffer: a buffer of its own costs each of them more than all that is
 * written to it. They are so small that those which grow are copied, and leave the buffer to the others.
 */
export function firstColumns(): FirstColumns {
  const buffer = new ArrayBuffer(BYTES);
  let used = 0;
  const next = (bytes: number): number => (used += bytes) - bytes;
  // The widest numbers come first, so that all of them lie where their width asks for.
  return {
    minTimes: new Float64Array(buffer, next(8 * CHUNKS), CHUNKS),
    maxTimes: new Float64Array(buffer, next(8 * CHUNKS), CHUNKS),
    places: new Uint32Array(buffer, next(4 * CHUNKS), CHUNKS),
    sizes: new Uint32Array(buffer, next(4 * CHUNKS), CHUNKS),
    labelEnds: new Uint32Array(buffer, next(4 * SERIES), SERIES),
    chunkEnds: new Uint32Array(buffer, next(4 * SERIES), SERIES),
    labels: new Int32Array(buffer, next(4 * LABELS), LABELS),
    encodings: new Uint8Array(buffer, next(CHUNKS), CHUNKS),
  };
}
