/** The little that is needed of a connection of either transport. */
export interface Closable {
  readonly destroy: () => unknown;
  readonly once: (event: 'close', listener: () => void) => unknown;
}

/**
 * The open connections of a server, of which there may be so many. Beyond, one on which no whole request is there to be answered makes
 * room, the one first that waits longest. It has to go rather than the new one: otherwise as many silent connections would keep out
 * everyone, the probes of a load balancer included. The new one is refused where all others are answered.
 */
export class OpenConnections<C extends Closable> {
  readonly #most: number;
  readonly #mostWithSpare: number;
  readonly #onFull: () => void;
  /** How many whole requests on it have no whole answer yet. */
  readonly #open = new Map<C, number>();
  /** Those with none, in the order in which they began to wait. */
  readonly #waiting = new Set<C>();

  /**
   * @param onFull hears of each connection that had to go.
   * @param spare so many more are taken until they say what they want; whoever asks {@link isFull} then decides.
   */
  constructor(most: number, onFull: () => void, spare = 0) {
    this.#most = most;
    this.#mostWithSpare = most + spare;
    this.#onFull = onFull;
  }

  /** Whether more of them than there may be have requests to answer. */
  get isFull(): boolean {
    return this.#open.size - this.#waiting.size > this.#most;
  }

  /** Takes a new connection, and ends one where there are too many. False where that is the new one. */
  accept(connection: C): boolean {
    this.#open.set(connection, 0);
    this.#waiting.add(connection);
    connection.once('close', () => this.#forget(connection));
    if (this.#open.size <= this.#mostWithSpare) return true;
    this.#onFull();
    const [longest = connection] = this.#waiting;
    // Its place is free, even if it takes a while to close.
    this.#forget(longest);
    longest.destroy();
    return longest !== connection;
  }

  /** Hears that a whole request is there. Call what it returns, once, when the answer was sent or never will be. */
  begin(connection: C): () => void {
    this.#change(connection, 1);
    return () => this.#change(connection, -1);
  }

  /** Ends all, whatever their clients do. */
  destroy(): void {
    for (const connection of this.#open.keys()) connection.destroy();
  }

  #change(connection: C, by: 1 | -1): void {
    const requests = this.#open.get(connection);
    if (requests === undefined) return;
    this.#open.set(connection, requests + by);
    if (requests + by > 0) this.#waiting.delete(connection);
    else this.#waiting.add(connection);
  }

  #forget(connection: C): void {
    this.#open.delete(connection);
    this.#waiting.delete(connection);
  }
}
