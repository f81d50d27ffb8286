import type { Backend } from '../backend/backend.ts';
import type { Clock } from '../model/clock.ts';
import type { Endpoint, HealthChange } from './topology.ts';

/** Of each endpoint. One that flaps every few seconds tells of its last minutes, and one that fails now and then of weeks. */
const MOST_CHANGES = 50;

/** When endpoints came and went, as far as this process saw it. What is known of an endpoint goes with it. */
export class HealthHistory {
  readonly #clock: Clock;
  readonly #changes = new WeakMap<Backend, readonly HealthChange[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Hears that the health of an endpoint is another than before. */
  note({ backend, health: { kind: health } }: Endpoint): void {
    const before = this.of({ backend });
    if (before.at(-1)?.health === health) return;
    this.#changes.set(backend, [...before, { health, since: this.#clock.now() }].slice(-MOST_CHANGES));
  }

  /** The newest changes, the last one at the end; none where it was not asked yet. */
  of({ backend }: Pick<Endpoint, 'backend'>): readonly HealthChange[] {
    return this.#changes.get(backend) ?? [];
  }
}
