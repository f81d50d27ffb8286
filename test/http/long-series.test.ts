import assert from 'node:assert/strict';
import { get } from 'node:http';
import { describe, it } from 'node:test';
import type { RawSeries } from '../../src/model/raw-data.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { encodeColumns } from '../../src/wire/chunk/encode.ts';
import { gatewayAt, NOW } from '../gateway/raw/support.ts';
import { memoryEndpoint } from '../select/support.ts';
import { watchTurns } from '../support/busy-turns.ts';
import { listening } from './support.ts';

/** A sample each millisecond: the densest series that there can be. */
const SAMPLES = 1_000_000;
const START = NOW - SAMPLES + 1;
/** A slice of work is 10 ms, and the collection of garbage comes on top. Read in one turn, such a series takes 150 ms and more. */
const LONGEST_MS = 75;

/** A counter that one replica, and every third sample of which the other, has not. */
function replica(misses: number): RawSeries {
  const columns = new SampleBuffer(SAMPLES);
  for (let i = 0; i < SAMPLES; i++) if (misses === 0 || i % misses !== 0) columns.push(START + i, i % 1000);
  return {
    labels: labelsFromRecord({ __name__: 'm' }),
    data: { kind: 'chunks', chunks: encodeColumns(columns) },
  };
}

const ENDPOINTS = [0, 7].map((misses, i) =>
  memoryEndpoint(`${i}:1`, { __replica__: String(i) }, [replica(misses)], { timeoutMs: 30_000 }),
);

/** By path: how often what its answer has once a sample. */
const ANSWERS: Readonly<Record<string, { readonly mark: string; readonly count: number }>> = {
  [`/api/v1/export?match[]=m&start=${START / 1000}`]: { mark: ',', count: 2 * SAMPLES },
  [`/api/v1/export?match[]=m&start=${START / 1000}&format=csv`]: { mark: '\n', count: SAMPLES + 1 },
  '/federate?match[]=m': { mark: '\n', count: 2 },
  [`/api/v1/query?query=m[${SAMPLES}ms]&time=${NOW / 1000}`]: { mark: '","', count: 0 },
};

describe('a series of a million samples in each of two replicas keeps nobody waiting', () => {
  for (const [path, { mark, count }] of Object.entries(ANSWERS))
    it(path, async (t) => {
      const { gateway } = gatewayAt(ENDPOINTS);
      const port = await listening(
        t,
        {
          admit: (...credentials) => gateway.admit(...credentials),
          open: (...request) => gateway.open(...request),
          query: (...request) => gateway.query(...request),
          raw: gateway.raw,
        },
        { clock: { now: () => NOW, monotonic: () => 0 } },
      );
      let seen = 0;
      const busy = await watchTurns(async () => {
        seen = await countIn(port, path, mark.charCodeAt(0));
      });
      t.diagnostic(`longest turn ${busy.longestTurn.toFixed(1)} ms of ${busy.total.toFixed(0)} ms`);
      if (count > 0) assert.equal(seen, count);
      assert.ok(busy.longestTurn < LONGEST_MS, `${busy.longestTurn} ms at a stretch`);
    });
});

/** How often a byte is in an answer. */
function countIn(port: number, path: string, byte: number): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path }, (response) => {
      let count = 0;
      response.on('data', (part: Buffer) => {
        for (let at = part.indexOf(byte); at >= 0; at = part.indexOf(byte, at + 1)) count++;
      });
      response.once('end', () => resolve(count));
      response.once('error', reject);
    }).once('error', reject);
  });
}
