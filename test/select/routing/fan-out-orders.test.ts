import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NOTHING_USUAL } from '../../../src/cluster/vitals/usual-time.ts';
import {
  MOST_ATTEMPTS,
  beginFanOut,
  nextFanOut,
  type Decision,
  type Facts,
  type FanOutEvent,
} from '../../../src/select/routing/fan-out-policy.ts';
import { assertProperty } from '../../support/property.ts';

interface World {
  readonly replicas: readonly { readonly isKnownToFail: boolean; readonly isInDoubt: boolean }[];
  /** By replica: which others have all that it has, as far as anybody can say, and whether that is so. */
  readonly replacedBy: readonly (readonly number[])[];
  readonly isTrue: readonly boolean[];
  /** What happens, by numbers that choose among what can happen then. */
  readonly choices: readonly number[];
}

const WORLD: fc.Arbitrary<World> = fc.integer({ min: 1, max: 4 }).chain((count) =>
  fc.record({
    replicas: fc.array(fc.record({ isKnownToFail: fc.boolean(), isInDoubt: fc.boolean() }), {
      minLength: count,
      maxLength: count,
    }),
    replacedBy: fc.array(fc.subarray([...Array(count).keys()]), { minLength: count, maxLength: count }),
    isTrue: fc.array(fc.boolean(), { minLength: count, maxLength: count }),
    choices: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
  }),
);

/** Endpoints that do what the choices say, and the policy over them. */
class Simulation {
  readonly #world: World;
  readonly #running = new Set<number>();
  readonly #settled = new Set<number>();
  readonly #attempts: number[];
  readonly #answered = new Set<number>();
  #proving: readonly number[] | undefined;
  #provingBy: readonly number[] = [];
  #wakeAt = Infinity;
  #now = 0;
  isDone = false;

  constructor(world: World) {
    this.#world = world;
    this.#attempts = world.replicas.map(() => 0);
  }

  run(): void {
    const { replicas, replacedBy, choices } = this.#world;
    const facts: Facts = {
      replicas: replicas.map((facts) => ({ ...facts, usual: NOTHING_USUAL })),
      mayBeReplaced: (lost, answered) => answered.some((other) => replacedBy[lost]!.includes(other)),
    };
    replicas.forEach(({ isKnownToFail }, i) => isKnownToFail && this.#settled.add(i));
    let decision = beginFanOut(facts);
    this.#follow(decision);
    for (const choice of choices) {
      if (this.isDone) break;
      decision = nextFanOut(decision.state, this.#happen(choice));
      this.#follow(decision);
    }
    // Whatever happened, it ends when all calls that run have ended.
    for (let left = 100; !this.isDone; left--) {
      assert.ok(left > 0, 'it does not end');
      decision = nextFanOut(decision.state, this.#end());
      this.#follow(decision);
    }
  }

  #happen(choice: number): FanOutEvent {
    const running = [...this.#running];
    const what = choice % 8;
    this.#now += choice % 700;
    const at = this.#now;
    if (what === 0 && this.#wakeAt < Infinity) {
      this.#now = Math.max(at, this.#wakeAt);
      return { kind: 'time', at: this.#now };
    }
    if (what <= 2 && this.#proving !== undefined) return this.#prove();
    const replica = running[choice % Math.max(running.length, 1)];
    if (replica === undefined) return { kind: 'time', at };
    if (what === 3) return { kind: 'sent', replica, at };
    if (what === 4) return this.#answer(replica);
    if (what === 6) return this.#lack(replica);
    if (what === 5) return this.#fail(replica, choice % 3 === 0 ? undefined : choice % 400);
    return { kind: 'time', at };
  }

  #end(): FanOutEvent {
    if (this.#proving !== undefined) return this.#prove();
    const [replica] = this.#running;
    if (replica !== undefined) return this.#fail(replica, undefined);
    assert.ok(this.#wakeAt < Infinity, 'nothing is waited for, and it is not done');
    this.#now = Math.max(this.#now, this.#wakeAt);
    return { kind: 'time', at: this.#now };
  }

  #prove(): FanOutEvent {
    const replicas = this.#proving!.filter((lost) => this.#world.isTrue[lost]);
    this.#proving = undefined;
    return { kind: 'proven', replicas, at: this.#now };
  }

  #answer(replica: number): FanOutEvent {
    this.#running.delete(replica);
    this.#settled.add(replica);
    this.#answered.add(replica);
    return { kind: 'answered', replica, at: this.#now, bytes: 10 };
  }

  #lack(replica: number): FanOutEvent {
    this.#settle(replica);
    return { kind: 'lacking', replica, at: this.#now };
  }

  #fail(replica: number, retryAfterMs: number | undefined): FanOutEvent {
    this.#running.delete(replica);
    return { kind: 'failed', replica, at: this.#now, retryAfterMs };
  }

  #follow({ actions }: Decision): void {
    const { replacedBy, isTrue } = this.#world;
    const last = actions.at(-1)!.kind;
    assert.ok(last === 'done' || last === 'wait', 'it says at the end what comes next');
    for (const action of actions) {
      assert.ok(!this.isDone, 'nothing comes after the end');
      switch (action.kind) {
        case 'ask':
          assert.ok(!this.#settled.has(action.replica) && !this.#running.has(action.replica));
          this.#running.add(action.replica);
          assert.ok(++this.#attempts[action.replica]! <= MOST_ATTEMPTS);
          break;
        case 'prove':
          assert.equal(this.#proving, undefined, 'one question at a time');
          assert.deepEqual(new Set(action.answered), this.#answered);
          this.#proving = action.replicas;
          this.#provingBy = action.answered;
          break;
        case 'cut':
          assert.ok(isTrue[action.replica], 'what is lost is not cut');
          assert.ok(replacedBy[action.replica]!.some((other) => this.#provingBy.includes(other)));
          this.#settle(action.replica);
          break;
        case 'failed':
          this.#settle(action.replica);
          break;
        case 'look':
          assert.ok(this.#running.has(action.replica));
          break;
        case 'wait':
          this.#wakeAt = action.until;
          break;
        case 'done':
          assert.equal(this.#settled.size, this.#world.replicas.length);
          this.isDone = true;
      }
    }
  }

  #settle(replica: number): void {
    assert.ok(!this.#settled.has(replica), 'a replica is settled once');
    this.#running.delete(replica);
    this.#settled.add(replica);
  }
}

test('whatever order things happen in, all are asked, nothing is lost by a cut, and it ends', () => {
  assertProperty(
    fc.property(WORLD, (world) => new Simulation(world).run()),
    { seed: 20_261_128, numRuns: 3000 },
  );
});
