import type { Endpoint } from '../cluster/topology.ts';
import type { Timers } from '../model/timers.ts';

/** An endpoint that never answered. */
export interface Unanswered {
  readonly endpoint: Endpoint;
  /** Whether it holds readiness up for as long as that lasts. */
  readonly isStrict: boolean;
}

/** A start waits no longer for endpoints than this, ms; strict ones aside. Answers say which of them are missing. */
export const READY_MS = 5000;

/**
 * Tells when a gateway is ready: every endpoint was found and asked for the first time, or had {@link READY_MS} for it, and each
 * strict one has answered. Once it is, it stays: to take a gateway away from its clients helps none of them.
 */
export class Readiness {
  readonly #unanswered: () => readonly Unanswered[];
  readonly #onHeldUp: (obstacle: string) => void;
  readonly #ready = Promise.withResolvers<void>();
  readonly #cancel: () => void;
  #areAllAsked = false;
  #isReady = false;

  /**
   * @param asked resolves once all were found and asked.
   * @param onHeldUp hears what it waits for, once, where that takes longer than the first answers.
   */
  constructor(
    asked: Promise<void>,
    unanswered: () => readonly Unanswered[],
    timers: Timers,
    onHeldUp: (obstacle: string) => void,
  ) {
    this.#unanswered = unanswered;
    this.#onHeldUp = onHeldUp;
    const begin = (): void => this.#endOfFirstAnswers();
    this.#cancel = timers.after(READY_MS, begin);
    void asked.then(begin);
  }

  /** Resolves once it is ready. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Looks whether it is ready now. To be called when an endpoint answered, or others are wanted. */
  look(): void {
    if (this.#isReady || !this.#areAllAsked || this.#strictOnes().length > 0) return;
    this.#isReady = true;
    this.#ready.resolve();
  }

  /** What it waits for, as the second half of a sentence; undefined where it is ready. */
  obstacle(): string | undefined {
    if (this.#isReady) return undefined;
    const strict = this.#strictOnes();
    const [first] = this.#areAllAsked ? strict : [];
    if (first !== undefined) {
      const { id, health } = first;
      const why = health.kind === 'down' ? `fails: ${health.failure.reason}` : 'has not answered yet';
      return `it waits for the strict endpoint ${id}, which ${why}${others(strict, ', and for', ' more')}`;
    }
    const pending = this.#unanswered().filter(({ endpoint }) => endpoint.health.kind === 'pending');
    const [next] = pending;
    return next === undefined
      ? 'it is looking for its endpoints, which takes a few seconds at most'
      : `it waits a few seconds for the first answer of ${next.endpoint.id}${others(pending, ' and', ' others')}`;
  }

  close(): void {
    this.#cancel();
  }

  #endOfFirstAnswers(): void {
    if (this.#areAllAsked) return;
    this.#cancel();
    this.#areAllAsked = true;
    this.look();
    const obstacle = this.obstacle();
    if (obstacle !== undefined) this.#onHeldUp(obstacle);
  }

  #strictOnes(): readonly Endpoint[] {
    return this.#unanswered().flatMap(({ endpoint, isStrict }) => (isStrict ? [endpoint] : []));
  }
}

function others(all: readonly unknown[], before: string, behind: string): string {
  return all.length === 1 ? '' : `${before} ${all.length - 1}${behind}`;
}
