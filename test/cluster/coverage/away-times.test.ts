import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awayTimes } from '../../../src/cluster/coverage/away-times.ts';
import type { ReplicaWindow } from '../../../src/cluster/coverage/window-runs.ts';
import { PIECE_MS } from '../../../src/cluster/coverage/piece.ts';
import { endpointId } from '../../../src/cluster/endpoint-id.ts';
import { columnsOf, type Samples } from '../../select/support.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { PieceBuilder } from '../../../src/cluster/coverage/piece-builder.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { START, piecesOf } from './support.ts';

/** Scrapes each 15 s from one second after the start to another. */
function every(from: number, to: number, value = 1): Samples {
  return Array.from({ length: (to - from) / 15 }, (_, i) => [START + (from + 15 * i) * 1000, value] as const);
}

function windowOf(...targets: readonly Samples[]): ReplicaWindow {
  return { id: endpointId('a:1'), from: START, until: START + PIECE_MS, pieces: piecesOf(targets, START, 1) };
}

/** In seconds after the start. */
function away(windows: readonly ReplicaWindow[], from = 0, to = 7200): readonly string[] {
  return awayTimes(windows, START + from * 1000, START + to * 1000).map(
    (time) => `${(time.from - START) / 1000}–${(time.to - START) / 1000}${time.isFirst ? ' first' : ''}`,
  );
}

test('a server was away where it scraped none of its targets', () => {
  const one = [...every(0, 600), ...every(1200, 7200)];
  assert.deepEqual(away([windowOf(one)]), ['585–1200']);
  assert.deepEqual(away([windowOf(one, every(300, 900))]), ['885–1200']);
  assert.deepEqual(away([windowOf(one, every(300, 1500, 0))]), [], 'also where it scraped in vain');
  assert.deepEqual(away([windowOf(one), windowOf(every(600, 1200))]), [], 'or another one was there');
});

test('a scrape that is missed alone does not count', () => {
  assert.deepEqual(away([windowOf([...every(0, 600), ...every(615, 7200)])]), []);
});

test('only the range counts, and the time before the first scrape is told apart', () => {
  const window = windowOf([...every(600, 1200), ...every(1500, 3000)]);
  assert.deepEqual(away([window]), ['0–600 first', '1185–1500', '2985–7200']);
  assert.deepEqual(away([window], 700, 1400), ['1185–1400']);
  assert.deepEqual(away([window], 700, 1100), []);
});

test('what came while the newest refresh was under way is no hole', () => {
  const window = { ...windowOf(every(0, 3000)), until: START + 2400 * 1000 };
  assert.deepEqual(away([window], 1800, 2400), []);
});

test('a stale marker that begins a piece is no scrape', () => {
  const marker = new SampleBuffer();
  marker.push(START + 900_000, STALE_NAN);
  const builder = new PieceBuilder(START);
  builder.add(0, columnsOf([...every(0, 600), ...every(1200, 7200)]));
  builder.add(1, marker);
  assert.deepEqual(away([{ ...windowOf(), pieces: [builder.build()] }]), ['585–1200']);
});

test('a server without any scrape was away all the time, as far as is known', () => {
  assert.deepEqual(away([windowOf([])]), ['0–7200 first']);
});
