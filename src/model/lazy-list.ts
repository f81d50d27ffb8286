/** A list whose items may be made anew each time that somebody looks at them. Arrays are such lists, too. */
export interface ItemList<T> extends Iterable<T> {
  readonly length: number;
  at(index: number): T | undefined;
  /** To be called by whoever keeps the list for longer than the request for which it was made: at the end of that it may be freed. */
  keep?(): void;
}

/** Makes its items when they are looked at: hundreds of thousands that nobody holds cost no memory. */
export class LazyList<T> implements ItemList<T> {
  readonly length: number;
  readonly #make: (index: number) => T;

  constructor(length: number, make: (index: number) => T) {
    this.length = length;
    this.#make = make;
  }

  /** Counts from 0 alone, other than an array does. */
  at(index: number): T | undefined {
    return index >= 0 && index < this.length ? this.#make(index) : undefined;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = 0; index < this.length; index++) yield this.#make(index);
  }
}
