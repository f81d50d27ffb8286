import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RawData } from '../../../src/model/raw-data.ts';
import { aggregatesOf, resolutionFor, sampleKindFor } from '../../../src/backend/store-api/aggregates.ts';
import { rawDataOf } from '../../../src/backend/store-api/samples.ts';
import type { EncodedChunk } from '../../../src/model/chunk.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import type { AggrChunk, Aggregates } from '../../../src/model/aggr-chunk.ts';
import { decodeSeriesRequest } from '../../../src/wire/store-api/series-request.ts';
import { encodeSeriesResponse } from '../../../src/wire/store-api/series-response.ts';
import { ALL, backendTo, chunkOf, failureOf, samplesOf, valueOf } from './support.ts';
import { scopeWith } from '../../support/scopes.ts';
import { decodeSeriesResponse } from '../../support/decode-messages.ts';

const NONE: Aggregates = {
  count: undefined,
  sum: undefined,
  min: undefined,
  max: undefined,
  counter: undefined,
};
const raw = (chunk: EncodedChunk): AggrChunk => ({ ...timesOf(chunk), raw: chunk, aggregates: undefined });
const down = (aggregates: Partial<Aggregates>): AggrChunk => ({
  ...timesOf(Object.values(aggregates)[0]!),
  raw: undefined,
  aggregates: { ...NONE, ...aggregates },
});

describe('the aggregate that a function reads of downsampled data', () => {
  const KINDS = [
    ['', 'average'],
    ['sum', 'average'],
    ['avg_over_time', 'average'],
    ['last_over_time', 'average'],
    ['min', 'min'],
    ['min_over_time', 'min'],
    ['max', 'max'],
    ['max_over_time', 'max'],
    ['count', 'count'],
    ['count_over_time', 'count'],
    ['sum_over_time', 'sum'],
    ['rate', 'counter'],
    ['irate', 'counter'],
    ['increase', 'counter'],
    ['resets', 'counter'],
  ] as const;
  for (const [func, kind] of KINDS)
    it(`${func || 'none'}: ${kind}`, () => assert.equal(sampleKindFor(func), kind));

  it('is asked for by number', () => {
    assert.deepEqual(aggregatesOf('average'), [1, 2]);
    assert.deepEqual(aggregatesOf('counter'), [5]);
  });

  it('leaves two samples to the range of functions that need them', () => {
    const hints = { step: 0, range: 600_000, maxResolution: 3_600_000 };
    assert.equal(resolutionFor({ ...hints, func: 'rate' }), 300_000);
    assert.equal(resolutionFor({ ...hints, func: 'max_over_time' }), 3_600_000);
    assert.equal(resolutionFor({ ...hints, func: 'rate', maxResolution: 0 }), 0);
  });

  it('is in the request, with the resolution', async (t) => {
    const asked: unknown[] = [];
    const backend = await backendTo(t, {
      series: (call) => {
        const { maxResolutionWindow, aggregates } = decodeSeriesRequest(call.request);
        asked.push([maxResolutionWindow, aggregates]);
        call.end();
      },
    });
    const hints = { step: 0, range: 600_000, func: 'rate', maxResolution: 3_600_000 };
    valueOf(await backend.select(scopeWith(), { ...ALL, hints }));
    valueOf(await backend.select(scopeWith(), { ...ALL, hints: { ...hints, func: 'min', range: 0 } }));
    assert.deepEqual(asked, [
      [300_000, [5]],
      [3_600_000, [3]],
    ]);
  });
});

describe('samples out of downsampled chunks', () => {
  it('are averages of sums and counts, and raw samples where there are such', () => {
    const chunks = [
      raw(chunkOf([30, 7])),
      down({ sum: chunkOf([10, 6], [20, 10]), count: chunkOf([10, 2], [20, 4]) }),
    ];
    assert.deepEqual(samplesOf(...dataOf(chunks, 'average')), [
      [10, 3],
      [20, 2.5],
      [30, 7],
    ]);
  });

  it('are the aggregate itself where one is wanted, left compressed', () => {
    const min = chunkOf([10, 1], [20, 2]);
    const data = dataOf([raw(chunkOf([30, 7])), down({ min })], 'min');
    assert.deepEqual(
      data.map(({ kind }) => kind),
      ['chunks'],
    );
    assert.deepEqual(samplesOf(...data), [
      [10, 1],
      [20, 2],
      [30, 7],
    ]);
  });

  it('of counters never fall: resets inside of chunks are in the values, those between them are told by the last', () => {
    const data = dataOf(
      [
        // Begins with the first raw value and ends with the last raw one, since there was a reset inside.
        down({ counter: counterChunk([1, 5], [10, 50], [20, 80], [20, 30]) }),
        // Goes on from 30.
        down({ counter: counterChunk([21, 32], [30, 40], [40, 45], [40, 45]) }),
        // The counter began anew.
        raw(chunkOf([50, 4], [60, STALE_NAN], [70, 6])),
      ],
      'counter',
    );
    assert.deepEqual(samplesOf(...data), [
      [1, 5],
      [10, 50],
      [20, 80],
      [21, 82],
      [30, 90],
      [40, 95],
      [50, 99],
      [70, 101],
    ]);
  });

  it('of counters are the raw chunks alone where nothing is downsampled', () => {
    const chunks = [raw(chunkOf([10, 5], [20, 3]))];
    assert.deepEqual(samplesOf(...dataOf(chunks, 'counter')), [
      [10, 5],
      [20, 3],
    ]);
  });

  it('are refused where an aggregate is missing or does not fit, or is damaged', async (t) => {
    const broken = { ...chunkOf([10, 1]), data: Uint8Array.of(0, 9, 1) };
    const cases = [
      [down({ sum: chunkOf([10, 6]) }), /without the aggregate "count"/],
      [down({ sum: chunkOf([10, 6]), count: chunkOf([20, 1]) }), /sums and counts have other times/],
      [down({ sum: chunkOf([10, 6]), count: chunkOf([10, 6], [20, 1]) }), /sums and counts have other times/],
      [down({ sum: broken, count: broken }), /its downsampled data is damaged: a chunk of 3 bytes/],
    ] as const;
    for (const [chunk, text] of cases) {
      const backend = await backendTo(t, {
        series: (call) => {
          call.write(messageOf([chunk]));
          call.end();
        },
      });
      const { kind, reason } = failureOf(await backend.select(scopeWith(), ALL));
      assert.equal(kind, 'bad_data');
      assert.match(reason, text);
    }
  });
});

/** As downsampling writes it: the last time comes twice. */
function counterChunk(...samples: readonly (readonly [t: number, v: number])[]): EncodedChunk {
  return { ...chunkOf(...samples), maxTime: samples.at(-1)![0] };
}

function timesOf({ minTime, maxTime }: EncodedChunk): Pick<AggrChunk, 'minTime' | 'maxTime'> {
  return { minTime, maxTime };
}

function messageOf(chunks: readonly AggrChunk[]): Uint8Array {
  return encodeSeriesResponse({ kind: 'series', series: [{ labels: labelsFromRecord({ a: 'b' }), chunks }] });
}

function dataOf(chunks: readonly AggrChunk[], kind: Parameters<typeof rawDataOf>[1]): readonly RawData[] {
  const response = decodeSeriesResponse(messageOf(chunks));
  assert.ok(response.kind === 'series');
  const received = response.series[0]!.chunks;
  return received.some(({ aggregates }) => aggregates !== undefined)
    ? rawDataOf(received, kind)
    : [{ kind: 'chunks', chunks: received.map(({ raw }) => raw!) }];
}
