import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  SharedPieces,
  type SharedPiece,
  type SharedPieceOutcome,
} from '../../../../src/gateway/results-cache/shared/shared-pieces.ts';
import type { Stretch } from '../../../../src/gateway/results-cache/stretch.ts';
import { remark } from '../../../../src/model/annotations.ts';
import { openBudget, type Budget } from '../../../../src/model/budget.ts';
import { labelsFromRecord } from '../../../../src/model/labels.ts';
import { MemoryCeiling } from '../../../../src/model/memory-ceiling.ts';
import { Pacer } from '../../../../src/model/pacer.ts';
import { MapCache } from '../../../support/map-cache.ts';

const MINUTE = 60_000;
const FAMILY = { key: 'q', numbers: { start: 0, interval: 1000 }, lifetime: 60 * MINUTE };
const pacer = new Pacer(new AbortController());

/** Waits for the values that are put into it. */
class WatchedCache extends MapCache {
  override readonly mostValueBytes = 10_000;
  readonly lifetimes: number[] = [];
  /** Hears how many values are asked for. */
  onGet: (keys: number) => void = () => undefined;
  #put = Promise.withResolvers<void>();

  override put(key: string, value: Uint8Array, lifetimeMs: number): void {
    super.put(key, value, lifetimeMs);
    this.lifetimes.push(lifetimeMs);
    this.#put.resolve();
  }

  override get(keys: readonly string[]): ReturnType<MapCache['get']> {
    this.onGet(keys.length);
    return super.get(keys);
  }

  async untilPut(): Promise<void> {
    await this.#put.promise;
    this.#put = Promise.withResolvers();
  }
}

/** Two gateways at one cache, whose clocks the test sets. */
function sharing(fingerprint = 'f', namespace = 'n') {
  const cache = new WatchedCache();
  const outcomes: SharedPieceOutcome[] = [];
  const gateway = (print: string, name: string) => {
    const clock = { time: 1000 * MINUTE, now: () => clock.time, monotonic: () => 0 };
    const shared = {
      cache,
      namespace: name,
      fingerprint: print,
      onPiece: (outcome: SharedPieceOutcome) => void outcomes.push(outcome),
    };
    return { clock, pieces: new SharedPieces(shared, clock) };
  };
  return { cache, outcomes, one: gateway('f', 'n'), other: gateway(fingerprint, namespace) };
}

function stretch(from: number, to: number, annotations: Stretch['annotations'] = []): Stretch {
  const v = Float64Array.from({ length: to - from }, (_, i) => from + i);
  const columns = { length: v.length, t: v.map((step) => step * 1000), v, h: undefined, st: undefined };
  const counts = new Float64Array(v.length);
  return { from, to, series: [{ labels: labelsFromRecord({ a: 'b' }), columns }], counts, annotations };
}

const budgetOf = (bytes: number): Budget => openBudget(new MemoryCeiling(0), { bytes, series: 0 });

async function find(
  pieces: SharedPieces,
  numbers: readonly number[],
  budget: Budget = budgetOf(0),
): Promise<readonly SharedPiece[]> {
  const found: SharedPiece[] = [];
  await pieces.find(FAMILY, numbers, { pacer, budget }, async (_, piece) => void found.push(piece));
  return found;
}

describe('pieces that gateways share', () => {
  test('are found by the other one, with their age', async () => {
    const { cache, outcomes, one, other } = sharing();
    one.pieces.keep(FAMILY, 0, { stretch: stretch(10, 20), age: 5 * MINUTE, bytes: 1000 });
    await cache.untilPut();
    assert.deepEqual(cache.lifetimes, [55 * MINUTE]);
    other.clock.time += MINUTE;
    const found = await find(other.pieces, [0, 1]);
    assert.deepEqual(
      found.map(({ stretch: { from, to }, age }) => [from, to, age]),
      [[10, 20, 6 * MINUTE]],
    );
    assert.deepEqual(outcomes, ['found', 'absent']);
  });

  test('are not believed where they are too old, or come from the future', async () => {
    const { cache, outcomes, one, other } = sharing();
    one.pieces.keep(FAMILY, 0, { stretch: stretch(10, 20), age: 0, bytes: 1000 });
    await cache.untilPut();
    const ages = [];
    for (const offset of [60 * MINUTE - 1, 60 * MINUTE, -MINUTE, -MINUTE - 1]) {
      other.clock.time = one.clock.time + offset;
      ages.push((await find(other.pieces, [0]))[0]?.age);
    }
    assert.deepEqual(ages, [60 * MINUTE - 1, undefined, 0, undefined]);
    assert.deepEqual(outcomes, ['found', 'unusable', 'found', 'unusable']);
  });

  test('are others in another namespace, and for a gateway that decides otherwise', async () => {
    for (const [fingerprint, namespace] of [
      ['g', 'n'],
      ['f', 'm'],
    ] as const) {
      const { cache, outcomes, one, other } = sharing(fingerprint, namespace);
      one.pieces.keep(FAMILY, 0, { stretch: stretch(10, 20), age: 0, bytes: 1000 });
      await cache.untilPut();
      assert.deepEqual(await find(other.pieces, [0]), []);
      assert.deepEqual(outcomes, ['absent']);
    }
  });

  test('are not believed under the key of another piece', async () => {
    const { cache, outcomes, one, other } = sharing();
    for (const piece of [0, 1]) {
      one.pieces.keep(FAMILY, piece, { stretch: stretch(piece * 256, piece * 256 + 5), age: 0, bytes: 1000 });
      await cache.untilPut();
    }
    const [[first, a], [second, b]] = [...cache.values] as [[string, Uint8Array], [string, Uint8Array]];
    cache.values.set(first, b);
    cache.values.set(second, a);
    assert.deepEqual(await find(other.pieces, [0, 1]), []);
    assert.deepEqual(outcomes, ['unusable', 'unusable']);
  });

  test('are left out where the request has no room for them', async () => {
    const { cache, outcomes, one, other } = sharing();
    one.pieces.keep(FAMILY, 0, { stretch: stretch(0, 256), age: 0, bytes: 1000 });
    await cache.untilPut();
    // One has no room for the value, and one for the value alone.
    for (const bytes of [9999, 10_000])
      assert.deepEqual(await find(other.pieces, [0], budgetOf(bytes)), [], `${bytes} bytes`);
    assert.equal((await find(other.pieces, [0], budgetOf(100_000))).length, 1);
    assert.deepEqual(outcomes, ['unusable', 'found']);
  });

  test('count as if they were as large as values can be until they have come, and no more once they were read', async () => {
    const { cache, one, other } = sharing();
    one.pieces.keep(FAMILY, 0, { stretch: stretch(0, 5), age: 0, bytes: 1000 });
    await cache.untilPut();
    const asked: unknown[] = [];
    const numbers = Array.from({ length: 10 }, (_, i) => i);
    for (const bytes of [0, 45_000]) {
      const budget = budgetOf(bytes);
      cache.onGet = (keys) => void asked.push([keys, budget.held]);
      assert.equal((await find(other.pieces, numbers, budget)).length, 1);
      assert.equal(budget.held, 0);
    }
    assert.deepEqual(asked, [
      ...[8, 2].map((keys) => [keys, keys * 10_000]),
      ...[4, 3, 3].map((keys) => [keys, keys * 10_000]),
    ]);
  });

  test('are those alone of which nothing is to be said', async () => {
    const { cache, one } = sharing();
    one.pieces.keep(FAMILY, 0, { stretch: stretch(0, 5, [remark('info', 'x')]), age: 0, bytes: 1000 });
    one.pieces.keep(FAMILY, 1, { stretch: stretch(256, 260), age: 0, bytes: 1000 });
    await cache.untilPut();
    assert.equal(cache.values.size, 1);
  });

  test('are packed one after the other, and left out where too many wait', async () => {
    const { cache, one } = sharing();
    const pieces = 1024;
    for (let piece = 0; piece <= pieces; piece++)
      one.pieces.keep(FAMILY, piece, { stretch: stretch(piece * 256, piece * 256 + 1), age: 0, bytes: 1000 });
    while (cache.values.size < pieces) await cache.untilPut();
    one.pieces.keep(FAMILY, -1, { stretch: stretch(-1, 0), age: 0, bytes: 1000 });
    await cache.untilPut();
    assert.equal(cache.values.size, pieces + 1);
  });

  test('tell how many wait to be packed', async () => {
    const told: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const onWaiting = (pieces: number): void => {
      told.push(pieces);
      if (pieces === 0) resolve();
    };
    const shared = { cache: new MapCache(), namespace: 'n', fingerprint: 'f', onWaiting };
    const pieces = new SharedPieces(shared, { now: () => 0, monotonic: () => 0 });
    for (const piece of [0, 1])
      pieces.keep(FAMILY, piece, { stretch: stretch(piece * 256, piece * 256 + 5), age: 0, bytes: 1000 });
    await promise;
    assert.deepEqual(told, [1, 2, 1, 0]);
    assert.equal(shared.cache.values.size, 2);
  });

  test('have keys of which nothing can be read', async () => {
    const { cache, one } = sharing();
    one.pieces.keep({ ...FAMILY, key: 'secret' }, 0, { stretch: stretch(0, 5), age: 0, bytes: 1000 });
    await cache.untilPut();
    assert.match([...cache.values.keys()].join(), /^n:[\w-]{43}$/);
  });
});
