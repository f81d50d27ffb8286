const FIRST_BLOCK = 512;
/** Half a megabyte: such a block goes back to the system when it is freed, whatever lies beside it. */
const MOST_BLOCK = 65_536;

/**
 * Columns that live and die together, cut from few large blocks. Of an array for each, the C library would keep what is freed
 * between others that live on.
 */
export class ColumnSlab {
  #block = new Float64Array(0);
  #used = 0;
  #total = 0;

  /** A column of zeros. */
  take(length: number): Float64Array {
    if (length > this.#block.length - this.#used) {
      // As large as this, an array goes back to the system by itself, and the end of a block that was left for it would be too.
      if (length > MOST_BLOCK / 4) return new Float64Array(length);
      this.#block = new Float64Array(Math.max(length, FIRST_BLOCK, Math.min(this.#total, MOST_BLOCK)));
      this.#total += this.#block.length;
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += length;
    return this.#block.subarray(from, this.#used);
  }

  copy(column: Float64Array): Float64Array {
    const copy = this.take(column.length);
    copy.set(column);
    return copy;
  }
}
