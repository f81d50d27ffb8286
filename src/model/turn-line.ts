/**
 * What waits for its turn, each for somebody: those for whom something waits take turns, and what waits for one of them goes on in its order.
 * Whoever begins to wait is next.
 */
export class TurnLine<T> {
  /** By key, in the order of their turns. No list is empty. */
  readonly #waiting = new Map<string, T[]>();
  #size = 0;
  /** Who had the last turn. */
  #served = '';

  get size(): number {
    return this.#size;
  }

  /** @param whose a key that is equal for what waits for the same one; empty for the gateway itself. */
  add(whose: string, item: T): void {
    const same = this.#waiting.get(whose);
    if (same === undefined) this.#waiting.set(whose, [item]);
    else same.push(item);
    this.#size++;
  }

  /** Takes out whatever has its turn; undefined where nothing waits. */
  take(): T | undefined {
    const whose = this.#next();
    if (whose === undefined) return undefined;
    const same = this.#waiting.get(whose)!;
    const item = same.shift();
    // Behind all others, if there is more.
    this.#waiting.delete(whose);
    if (same.length > 0) this.#waiting.set(whose, same);
    this.#size--;
    this.#served = whose;
    return item;
  }

  /** Takes out what waits no more. */
  drop(whose: string, item: T): void {
    const same = this.#waiting.get(whose);
    const place = same?.indexOf(item) ?? -1;
    if (same === undefined || place === -1) return;
    same.splice(place, 1);
    if (same.length === 0) this.#waiting.delete(whose);
    this.#size--;
  }

  /** The first one, unless it had the last turn and there is another. */
  #next(): string | undefined {
    const [first, second] = this.#waiting.keys();
    return first === this.#served && second !== undefined ? second : first;
  }
}
