import { once, EventEmitter } from 'node:events';

/** What health checks say of the server, and the watchers that wait for it to change. */
export class Serving {
  #state: 'starting' | 'serving' | 'stopping' = 'starting';
  readonly #events = new EventEmitter().setMaxListeners(0);

  get isServing(): boolean {
    return this.#state === 'serving';
  }

  /** Watchers end then, because they would keep the server open. */
  get isStopping(): boolean {
    return this.#state === 'stopping';
  }

  set(state: 'serving' | 'stopping'): void {
    this.#state = state;
    this.#events.emit('change');
  }

  /** Resolves at the next change, rejects when the signal aborts. */
  async changed(signal: AbortSignal): Promise<void> {
    await once(this.#events, 'change', { signal });
  }
}
