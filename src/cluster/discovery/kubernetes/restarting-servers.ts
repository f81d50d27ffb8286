import type { Server } from './endpoint-slice.ts';

/** A pod that is started anew has an address again within this time, ms; else it does not come back. */
const RESTART_MS = 5 * 60_000;
/** So many are remembered, the newest. */
const MOST_RESTARTING = 1000;

/**
 * The servers with names of their own that have no address any more. A pod of a StatefulSet keeps its name when it is started anew, and has
 * no address until it is scheduled. Meanwhile its former one counts, so that answers say that it is missing.
 */
export class RestartingServers {
  #present: ReadonlyMap<string, string> = new Map();
  /** By name: the former address, and since when it is gone. In the order in which they went. */
  readonly #gone = new Map<string, { readonly address: string; readonly since: number }>();

  /**
   * Takes over which servers there are now.
   * @param now ms of a monotonic clock.
   * @returns the former addresses of those that may come back.
   */
  update(servers: readonly Server[], now: number): readonly string[] {
    const present = new Map(
      servers.flatMap(({ name, address }) => (name === undefined ? [] : [[name, address] as const])),
    );
    for (const [name, address] of this.#present)
      if (!present.has(name)) this.#gone.set(name, { address, since: now });
    for (const [name, { since }] of this.#gone)
      if (present.has(name) || now - since >= RESTART_MS) this.#gone.delete(name);
    for (const name of this.#gone.keys()) {
      if (this.#gone.size <= MOST_RESTARTING) break;
      this.#gone.delete(name);
    }
    this.#present = present;
    const taken = new Set(servers.map(({ address }) => address));
    return [...this.#gone.values()].map(({ address }) => address).filter((address) => !taken.has(address));
  }
}
