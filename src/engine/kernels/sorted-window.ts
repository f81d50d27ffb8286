/** In windows up to this size a number is moved past others one by one; in larger ones blocks are moved. */
const SMALL = 64;

/**
 * The numbers of a sliding window in ascending order. Moving the window on costs a binary search and a block move
 * for each sample that enters or leaves, instead of sorting every window.
 */
export class SortedWindow {
  #numbers = new Float64Array(256);
  #first = 0;
  #end = 0;
  /** How many numbers are in {@link numbers}. */
  count = 0;
  /** NaNs in the window; they have no place in the order. */
  nans = 0;

  /** Ascending; only the first {@link count} entries count. Valid until the window moves. */
  get numbers(): Float64Array {
    return this.#numbers;
  }

  clear(): void {
    this.#first = 0;
    this.#end = 0;
    this.count = 0;
    this.nans = 0;
  }

  /** Makes the window v[first, end). Where it overlaps the window before, `v` must be the same column. */
  moveTo(v: Float64Array, first: number, end: number): void {
    const grown = end - Math.max(first, this.#end);
    if (first < this.#first || end < this.#end || first >= this.#end || grown > 32 + this.count) {
      this.#refill(v, first, end);
    } else {
      let leaving = this.#first;
      let entering = this.#end;
      if (this.count <= SMALL)
        while (leaving < first && entering < end) this.#exchange(v[leaving++]!, v[entering++]!);
      while (leaving < first) this.#remove(v[leaving++]!);
      while (entering < end) this.#insert(v[entering++]!);
    }
    this.#first = first;
    this.#end = end;
  }

  #refill(v: Float64Array, first: number, end: number): void {
    this.#reserve(end - first);
    this.count = 0;
    for (let i = first; i < end; i++) {
      const x = v[i]!;
      if (x === x) this.#numbers[this.count++] = x;
    }
    this.nans = end - first - this.count;
    this.#numbers.subarray(0, this.count).sort();
  }

  /** Removes one number and inserts another: only what is between the two moves. */
  #exchange(old: number, x: number): void {
    if (old !== old || x !== x) {
      this.#remove(old);
      this.#insert(x);
      return;
    }
    const numbers = this.#numbers;
    const last = this.count - 1;
    let at = this.#lowerBound(old);
    for (; at < last && numbers[at + 1]! < x; at++) numbers[at] = numbers[at + 1]!;
    for (; at > 0 && numbers[at - 1]! > x; at--) numbers[at] = numbers[at - 1]!;
    numbers[at] = x;
  }

  #insert(x: number): void {
    if (x !== x) {
      this.nans++;
      return;
    }
    this.#reserve(this.count + 1);
    const at = this.#lowerBound(x);
    this.#numbers.copyWithin(at + 1, at, this.count);
    this.#numbers[at] = x;
    this.count++;
  }

  #remove(x: number): void {
    if (x !== x) {
      this.nans--;
      return;
    }
    const at = this.#lowerBound(x);
    this.#numbers.copyWithin(at, at + 1, this.count);
    this.count--;
  }

  #lowerBound(x: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < x) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #reserve(capacity: number): void {
    if (capacity <= this.#numbers.length) return;
    const larger = new Float64Array(capacity * 2);
    larger.set(this.#numbers);
    this.#numbers = larger;
  }
}
