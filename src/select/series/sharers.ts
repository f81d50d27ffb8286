import type { Backend } from '../../backend/backend.ts';

/** Requests may name their own replica labels; of these sets as many are remembered, the newest. */
const MOST_SETS = 16;

/**
 * Endpoints of which series turned out to come more than once under the labels that are merged, though nothing had told
 * so: a server that all replicas write to, or shards that have series in common.
 */
export class Sharers {
  readonly #bySet = new Map<string, WeakSet<Backend>>();

  has(merged: ReadonlySet<string>, backend: Backend): boolean {
    return this.#bySet.get(keyOf(merged))?.has(backend) === true;
  }

  add(merged: ReadonlySet<string>, backend: Backend): void {
    const key = keyOf(merged);
    let known = this.#bySet.get(key);
    if (known === undefined) {
      this.#bySet.set(key, (known = new WeakSet()));
      if (this.#bySet.size > MOST_SETS) this.#bySet.delete(this.#bySet.keys().next().value!);
    }
    known.add(backend);
  }
}

function keyOf(merged: ReadonlySet<string>): string {
  return JSON.stringify([...merged].sort());
}
