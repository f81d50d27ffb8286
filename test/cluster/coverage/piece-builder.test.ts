import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { PIECE_MS } from '../../../src/cluster/coverage/piece.ts';
import { PieceBuilder } from '../../../src/cluster/coverage/piece-builder.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import {
  constantSamples,
  readConstantXor,
  type ConstantSamples,
} from '../../../src/wire/chunk/constant-xor.ts';
import { encodeXor } from '../../../src/wire/chunk/encode-xor.ts';
import type { Samples } from '../../select/support.ts';
import { columnsOf } from '../../select/support.ts';
import { assertProperty } from '../../support/property.ts';
import { START, runsOf } from './support.ts';

/** Samples of 1 at these seconds. */
function up(...seconds: readonly number[]): Samples {
  return seconds.map((second) => [START + second * 1000, 1] as const);
}

function built(samples: Samples, mostEndedRuns?: number): readonly string[] {
  const builder = new PieceBuilder(START, mostEndedRuns);
  builder.add(7, columnsOf(samples));
  return runsOf(builder.build(), 7);
}

function constantOf(t: Float64Array, value: number): ConstantSamples {
  const buffer = new SampleBuffer();
  for (const each of t) buffer.push(each, value);
  const constant = constantSamples();
  assert.ok(readConstantXor(encodeXor(buffer, 0, buffer.length), constant));
  return constant;
}

describe('the runs of a target', () => {
  it('are one where it is scraped at its interval, a little early or late', () => {
    assert.deepEqual(built(up(0, 15, 30, 44, 60)), ['0–60/15 up']);
  });

  it('end with a missed scrape', () => {
    assert.deepEqual(built(up(0, 15, 30, 60, 75)), ['0–30/15 up', '60–75/15 up']);
  });

  it('begin where the interval shows, if the first scrape is followed by a hole', () => {
    assert.deepEqual(built(up(0, 600, 615, 630)), ['0–0/0 up', '600–630/15 up']);
  });

  it('end with the outcome, and keep the interval', () => {
    const samples = up(0, 15, 30, 45, 60).map(([t, v], i) => [t, i === 2 ? 0 : v] as const);
    assert.deepEqual(built(samples), ['0–15/15 up', '30–30/15 down', '45–60/15 up']);
  });

  it('end with a stale marker, which is no scrape', () => {
    const samples = new SampleBuffer();
    for (const [t, v] of up(0, 15)) samples.push(t, v);
    samples.push(START + 16_000, STALE_NAN);
    for (const [t, v] of up(90, 105)) samples.push(t, v);
    const builder = new PieceBuilder(START);
    builder.add(7, samples);
    assert.deepEqual(runsOf(builder.build(), 7), ['0–15/15 up ended', '90–105/15 up']);
  });

  it('tell of a stale marker before the first scrape, which ends the run of the piece before', () => {
    const samples = new SampleBuffer();
    for (const second of [1, 2]) samples.push(START + second * 1000, STALE_NAN);
    for (const [t, v] of up(90, 105)) samples.push(t, v);
    const builder = new PieceBuilder(START);
    builder.add(7, samples);
    assert.deepEqual(runsOf(builder.build(), 7), ['1–1/0 taken', '90–105/15 up']);
  });

  it('change with the interval', () => {
    assert.deepEqual(built(up(0, 15, 30, 90, 150, 210)), ['0–30/15 up', '90–210/60 up']);
  });

  it('are unknown from where there are more than are kept', () => {
    assert.deepEqual(built(up(0, 15, 60, 75, 120, 135, 180), 1), ['0–15/15 up', '60–180/0 ?']);
  });
});

describe('a piece', () => {
  it('holds what lies between its start and its end', () => {
    const samples = up(-15, 0, 15, PIECE_MS / 1000 - 1, PIECE_MS / 1000);
    assert.deepEqual(built(samples), ['0–15/15 up', '7199–7199/0 up']);
  });

  it('is the same in whatever parts the samples came, some of them twice', () => {
    const scenario = fc.tuple(
      fc.array(fc.tuple(fc.constantFrom(15, 15, 15, 14, 30, 60, 5), fc.constantFrom(1, 1, 1, 0)), {
        maxLength: 60,
      }),
      fc.array(fc.tuple(fc.nat(60), fc.nat(5)), { maxLength: 8 }),
    );
    assertProperty(
      fc.property(scenario, ([steps, cuts]) => {
        let second = 0;
        const samples = steps.map(([step, v]) => [START + (second += step) * 1000, v] as const);
        const builder = new PieceBuilder(START);
        let from = 0;
        for (const [to, again] of [...cuts].sort(([a], [b]) => a - b)) {
          builder.add(7, columnsOf(samples.slice(Math.max(0, from - again), to)));
          builder.build();
          from = Math.max(from, to);
        }
        builder.add(7, columnsOf(samples.slice(from)));
        assert.deepEqual(runsOf(builder.build(), 7), built(samples));
      }),
      { seed: 3 },
    );
  });

  it('is the same for samples of one value as for all of them one by one', () => {
    const stretch = fc.record({
      skip: fc.integer({ min: 1, max: 200 }),
      spacings: fc.oneof<fc.Arbitrary<number[]>[]>(
        fc.array(fc.constantFrom(15, 15, 15, 15, 14, 20, 60, 5), { maxLength: 40 }),
        fc
          .tuple(fc.constantFrom(15, 20, 60, 5), fc.nat(40))
          .map(([each, count]) => Array<number>(count).fill(each)),
      ),
      value: fc.constantFrom(1, 1, 0),
    });
    assertProperty(
      fc.property(
        fc.integer({ min: -1000, max: 6000 }),
        fc.array(stretch, { maxLength: 6 }),
        (begin, stretches) => {
          const builder = new PieceBuilder(START);
          const oneByOne = new PieceBuilder(START);
          let second = begin;
          for (const { skip, spacings, value } of stretches) {
            const seconds = [(second += skip), ...spacings.map((spacing) => (second += spacing))];
            const t = Float64Array.from(seconds, (each) => START + each * 1000);
            builder.addConstant(7, constantOf(t, value));
            for (const each of t) oneByOne.add(7, columnsOf([[each, value]]));
          }
          assert.deepEqual(runsOf(builder.build(), 7), runsOf(oneByOne.build(), 7));
        },
      ),
      { seed: 4, numRuns: 300 },
    );
  });

  it('holds targets in ascending order, in whatever order they came', () => {
    const builder = new PieceBuilder(START);
    for (const target of [5, 2, 9]) builder.add(target, columnsOf(up(target, target + 15)));
    const piece = builder.build();
    assert.deepEqual([...piece.targets], [2, 5, 9]);
    assert.deepEqual(runsOf(piece, 5), ['5–20/15 up']);
  });
});
