import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Leaf } from '../../../src/engine/leaf/leaf.ts';
import { gridBetween } from '../../../src/engine/step-grid.ts';
import { isWorthwhile, nextStretch } from '../../../src/select/offload/write-task.ts';
import type { ChunkWeight } from '../../../src/wire/batch/chunk-columns.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** So many series of so many samples, each of them received from `replicas`. */
function groups(length: number, samples: number, replicas = 1) {
  return {
    length,
    received: () => replicas,
    weigh: (_: number, __: ReadonlySet<number>, weight: ChunkWeight): boolean => {
      weight.samples += samples * replicas;
      weight.chunks += (samples * replicas) / 100;
      return true;
    },
  };
}

/** Windows of so many ms at each minute of ten hours. */
function leafOf(range: number, time?: number): Leaf {
  return {
    kind: 'range',
    func: 'stddev_over_time',
    extent: undefined,
    range,
    args: [],
    usesStart: false,
    grid: gridBetween(0, 10 * HOUR, 60 * SECOND),
    shift: { offset: 0, time, inParameter: true },
    lookbackDelta: 300 * SECOND,
    statsOnly: false,
  };
}

const sizeOf = (leaf: Leaf, samples: number): number =>
  nextStretch(groups(1000, samples), 0, leaf, 100_000, () => true)!.to;

describe('a task', () => {
  it('has about the samples that it should, where windows share few of them', () => {
    assert.equal(sizeOf(leafOf(HOUR), 1000), 100);
  });

  it('has fewer where each is looked at in many windows', () => {
    assert.equal(sizeOf(leafOf(10 * HOUR), 1000), 34);
    assert.equal(sizeOf(leafOf(HOUR, 0), 1000), 34, 'with @');
  });

  it('has one series however long that is', () => {
    assert.equal(sizeOf(leafOf(10 * HOUR), 100_000), 1);
  });
});

describe('other threads', () => {
  it('make no row that would keep one of them for long', () => {
    const [long, short] = [leafOf(10 * HOUR), leafOf(HOUR)];
    assert.equal(isWorthwhile(groups(10, 400_000), long, 500_000), false);
    assert.equal(isWorthwhile(groups(10, 400_000), short, 500_000), true);
    assert.equal(
      isWorthwhile(groups(10, 150_000, 4), long, 500_000),
      true,
      'of which each replica has a part',
    );
  });
});
