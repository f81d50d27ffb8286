import type { SlowLine } from './fault.ts';
import type { Flow } from './flow.ts';

/** A connection has the line for so long, ms, until others have their turn. */
const TURN_MS = 2;
/** Timers are late by half a millisecond on average. */
const TIMER_LATENESS_MS = 0.5;

interface UnderWay {
  readonly flow: Flow;
  /** Undefined for the end of the sender. */
  readonly part: Buffer | undefined;
  readonly dueAt: number;
}

/**
 * One direction of a slow line. Connections have it in turns; what a part takes of the line begins when it is free of those before it. What
 * is of a connection that is gone takes nothing.
 */
export class Line {
  readonly #options: SlowLine;
  readonly #flows = new Set<Flow>();
  readonly #underWay: UnderWay[] = [];
  #freeAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SlowLine) {
    this.#options = options;
  }

  /** Takes note that a flow has something to carry. */
  carry(flow: Flow): void {
    this.#flows.add(flow);
    this.#move();
  }

  /** What is on the line arrives at once; what still waits stays with the flows. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#flows.clear();
    this.#arrive(Infinity);
  }

  #move(): void {
    const now = performance.now();
    this.#arrive(now);
    const { delayMs, bytesPerMs } = this.#options;
    for (const flow of this.#flows) {
      if (this.#freeAt > now + TURN_MS) break;
      // Behind the others, where something is left.
      this.#flows.delete(flow);
      if (flow.to.destroyed) continue;
      const part = flow.take(Math.max(1, Math.ceil(bytesPerMs * TURN_MS)));
      if (part !== undefined) {
        this.#freeAt = Math.max(this.#freeAt, now) + part.length / bytesPerMs;
        this.#underWay.push({ flow, part, dueAt: this.#freeAt + delayMs });
      }
      if (!flow.isEmpty) this.#flows.add(flow);
      else if (flow.takeEnd())
        this.#underWay.push({ flow, part: undefined, dueAt: Math.max(this.#freeAt, now) + delayMs });
    }
    this.#setTimer(now);
  }

  #arrive(now: number): void {
    while (this.#underWay.length > 0 && this.#underWay[0]!.dueAt <= now) {
      const { flow, part } = this.#underWay.shift()!;
      if (part === undefined) flow.to.end();
      else flow.pass(part);
    }
  }

  #setTimer(now: number): void {
    clearTimeout(this.#timer);
    const nextArrival = this.#underWay[0]?.dueAt ?? Infinity;
    const nextTurn = this.#flows.size === 0 ? Infinity : this.#freeAt - TURN_MS;
    const next = Math.min(nextArrival, nextTurn);
    if (next === Infinity) return;
    this.#timer = setTimeout(() => this.#move(), Math.max(0, next - now - TIMER_LATENESS_MS));
  }
}
