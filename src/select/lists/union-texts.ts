import type { Budget } from '../../model/budget.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import { PackedTexts } from '../../model/packed-texts.ts';
import { sortNumbersPaced } from '../../model/paced-sort.ts';
import type { Pace } from '../../model/pacer.ts';

/** How many texts pass between two looks at the clock. */
const LOOK_EVERY = 64;

/**
 * The texts of all lists, sorted by their bytes, each once. Servers send theirs sorted, and replicas send the same: a list is the answer
 * as it came where all others have nothing else, so that millions of texts are not copied, and none becomes a string.
 * @param lists none of which is changed.
 * @param budget what is made besides is taken from it.
 * @throws what the pace throws, where the request ended meanwhile, and what the budget throws.
 */
export async function unionTexts(
  lists: readonly ItemList<string>[],
  budget: Pick<Budget, 'take'>,
  pace: Pace,
): Promise<PackedTexts> {
  const union = new TextsUnion(budget, pace);
  let unions: PackedTexts[] = [];
  for (const list of lists) unions.push(await union.sorted(await union.packed(list)));
  // By pairs, so that each text is looked at a few times, however many lists there are.
  while (unions.length > 1) {
    const merged: PackedTexts[] = [];
    for (let i = 0; i < unions.length; i += 2)
      merged.push(i + 1 < unions.length ? await union.ofTwo(unions[i]!, unions[i + 1]!) : unions[i]!);
    unions = merged;
  }
  return unions[0] ?? new PackedTexts();
}

/** The first texts of a list, as a list of their own. */
export function firstTexts(list: PackedTexts, count: number): PackedTexts {
  const first = new PackedTexts();
  for (let i = 0; i < count; i++) first.addOf(list, i);
  return first;
}

class TextsUnion {
  readonly #budget: Pick<Budget, 'take'>;
  readonly #pace: Pace;
  #steps = 0;

  constructor(budget: Pick<Budget, 'take'>, pace: Pace) {
    this.#budget = budget;
    this.#pace = pace;
  }

  async packed(list: ItemList<string>): Promise<PackedTexts> {
    if (list instanceof PackedTexts) return list;
    let at = 0;
    return this.#made((made) => {
      if (at === list.length) return false;
      made.addText(list.at(at++)!);
      return true;
    });
  }

  /** Of a list that does not rise already, a copy that does. */
  async sorted(list: PackedTexts): Promise<PackedTexts> {
    if (await this.#rises(list)) return list;
    // One more is needed while they are sorted.
    this.#budget.take(2 * Int32Array.BYTES_PER_ELEMENT * list.length);
    const places = new Int32Array(list.length);
    for (let i = 0; i < places.length; i++) places[i] = i;
    const order = await sortNumbersPaced(places, (a, b) => list.compare(a, list, b), this.#pace);
    let at = 0;
    return this.#made((made) => {
      if (at === order.length) return false;
      if (at === 0 || list.compare(order[at - 1]!, list, order[at]!) !== 0) made.addOf(list, order[at]!);
      at++;
      return true;
    });
  }

  /** Of two lists that rise; the longer one as it is where it has all. */
  async ofTwo(one: PackedTexts, another: PackedTexts): Promise<PackedTexts> {
    const [long, short] = one.length < another.length ? [another, one] : [one, another];
    if (await this.#hasAll(long, short)) return long;
    let [at, other] = [0, 0];
    return this.#made((made) => {
      if (at === long.length && other === short.length) return false;
      let order = at === long.length ? 1 : -1;
      if (at < long.length && other < short.length) order = long.compare(at, short, other);
      if (order <= 0) made.addOf(long, at++);
      else made.addOf(short, other);
      if (order >= 0) other++;
      return true;
    });
  }

  async #hasAll(long: PackedTexts, short: PackedTexts): Promise<boolean> {
    let at = 0;
    for (let other = 0; other < short.length; at++) {
      const order = at < long.length ? long.compare(at, short, other) : 1;
      if (order > 0) return false;
      if (order === 0) other++;
      if (this.#isDue()) await this.#pace.breathe();
    }
    return true;
  }

  async #rises(list: PackedTexts): Promise<boolean> {
    for (let i = 1; i < list.length; i++) {
      if (list.compare(i - 1, list, i) >= 0) return false;
      if (this.#isDue()) await this.#pace.breathe();
    }
    return true;
  }

  /** A list of what `step` adds, which is called until it returns false. */
  async #made(step: (made: PackedTexts) => boolean): Promise<PackedTexts> {
    const made = new PackedTexts();
    let taken = 0;
    while (step(made)) {
      if (made.bytes > taken) {
        this.#budget.take(made.bytes - taken);
        taken = made.bytes;
      }
      if (this.#isDue()) await this.#pace.breathe();
    }
    return made;
  }

  #isDue(): boolean {
    return ++this.#steps % LOOK_EVERY === 0 && this.#pace.due();
  }
}
