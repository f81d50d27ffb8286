import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { labelsFromRecord, labelsToRecord } from '../../../src/model/labels.ts';
import {
  decodeLabelNamesRequest,
  encodeLabelNamesResponse,
} from '../../../src/wire/store-api/label-calls.ts';
import { encodeExemplarsResponse } from '../../../src/wire/store-api/exemplars.ts';
import { PartialResponseStrategy } from '../../../src/wire/store-api/partial-response.ts';
import { type SeriesRequest, decodeSeriesRequest } from '../../../src/wire/store-api/series-request.ts';
import { encodeSeriesResponse } from '../../../src/wire/store-api/series-response.ts';
import { failure, infoAnswer } from '../../support/fake-store.ts';
import { ALL, NEVER, backendTo, chunkOf, failureOf, samplesOf, seriesMessage, valueOf } from './support.ts';
import { scopeWith, told } from '../../support/scopes.ts';

const hintsMessage = encodeSeriesResponse({
  kind: 'hints',
  hints: { typeUrl: 'type.googleapis.com/hintspb.SeriesResponseHints', value: Uint8Array.of(1, 2) },
});
const warning = (text: string): Uint8Array => encodeSeriesResponse({ kind: 'warning', warning: text });

describe('a Store API endpoint', () => {
  it('tells its labels, its time range and what it is', async (t) => {
    const labels = labelsFromRecord({ cluster: 'eu', __replica__: 'a' });
    const backend = await backendTo(t, { info: () => infoAnswer([labels]) });
    assert.deepEqual(valueOf(await backend.describe(NEVER)), {
      externalLabels: labels,
      labelSets: undefined,
      protocol: 'store-api',
      minTime: 0,
      maxTime: Infinity,
      version: '',
      component: 'sidecar',
      ownLabelNames: new Set(),
    });
  });

  it('has in common what all of its label sets say', async (t) => {
    const sets = [
      labelsFromRecord({ cluster: 'eu', shard: '0' }),
      labelsFromRecord({ cluster: 'eu', shard: '1', tenant: 'x' }),
    ];
    const backend = await backendTo(t, { info: () => infoAnswer(sets) });
    const { externalLabels, labelSets } = valueOf(await backend.describe(NEVER));
    assert.deepEqual(labelsToRecord(externalLabels), { cluster: 'eu' });
    assert.deepEqual(labelSets, sets);
  });

  it('is refused by name where it serves no samples', async (t) => {
    const backend = await backendTo(t, {
      info: () => infoAnswer([], { store: undefined, componentType: 'rule' }),
    });
    const { kind, reason } = failureOf(await backend.describe(NEVER));
    assert.equal(kind, 'bad_data');
    assert.match(reason, /serves no Store API, it calls itself "rule"/);
  });

  it('is refused by name where it has no Info call', async (t) => {
    const backend = await backendTo(t, {});
    assert.match(failureOf(await backend.describe(NEVER)).reason, /offers no Info call/);
  });
});

describe('selecting over the Store API', () => {
  it('asks for raw samples of the range, in batches, without hints', async (t) => {
    const asked: SeriesRequest[] = [];
    const backend = await backendTo(t, {
      series: (call) => {
        asked.push(decodeSeriesRequest(call.request));
        call.end();
      },
    });
    const matchers = [{ kind: '!~', name: 'job', value: 'x.*' }] as const;
    const hints = { step: 1, range: 300_000, func: 'rate' };
    valueOf(await backend.select(scopeWith(), { matchers, minTime: -5, maxTime: Infinity, hints }));
    valueOf(await backend.select(scopeWith({ partialResponse: false }), ALL));
    const [first, second] = asked as [SeriesRequest, SeriesRequest];
    assert.deepEqual([first.minTime, first.maxTime, first.matchers], [-5, 2 ** 63, matchers]);
    assert.deepEqual([first.maxResolutionWindow, first.aggregates, first.queryHints], [0, [0], undefined]);
    assert.deepEqual([first.responseBatchSize, first.withoutReplicaLabels], [64, []]);
    assert.equal(first.partialResponseStrategy, PartialResponseStrategy.warn);
    assert.equal(second.partialResponseStrategy, PartialResponseStrategy.abort);
    // Stores refuse a request without matchers.
    assert.deepEqual(second.matchers, [{ kind: '=~', name: '__name__', value: '.*' }]);
  });

  it('reads single series and batches, and joins a series that is spread over messages', async (t) => {
    const a = { __name__: 'a' };
    const b = { __name__: 'b' };
    const batch = encodeSeriesResponse({
      kind: 'series',
      series: [b, { __name__: 'c' }].map((labels) => ({
        labels: labelsFromRecord(labels),
        chunks: [{ minTime: 1, maxTime: 1, raw: chunkOf([1, 7]), aggregates: undefined }],
      })),
    });
    const backend = await backendTo(t, {
      series: (call) => {
        // Chunks need not come in order of time.
        call.write(seriesMessage(a, chunkOf([30, 3], [40, 4])));
        call.write(seriesMessage(a, chunkOf([10, 1], [20, 2])));
        call.write(hintsMessage);
        call.write(batch);
        call.end();
      },
    });
    const { series, annotations, bytes } = valueOf(await backend.select(scopeWith(), ALL));
    assert.deepEqual(
      [...series].map(({ labels, data }) => [labels[1], samplesOf(data)]),
      [
        [
          'a',
          [
            [10, 1],
            [20, 2],
            [30, 3],
            [40, 4],
          ],
        ],
        ['b', [[1, 7]]],
        ['c', [[1, 7]]],
      ],
    );
    assert.deepEqual(annotations, []);
    assert.ok(bytes > batch.length);
  });

  it('takes overlapping chunks of several blocks', async (t) => {
    const backend = await backendTo(t, {
      series: (call) => {
        call.write(
          seriesMessage({ __name__: 'a' }, chunkOf([10, 1], [30, 3]), chunkOf([10, 1], [20, 2], [30, 3])),
        );
        call.end();
      },
    });
    const { series } = valueOf(await backend.select(scopeWith(), ALL));
    assert.deepEqual(samplesOf([...series][0]!.data), [
      [10, 1],
      [20, 2],
      [30, 3],
    ]);
  });

  it('makes warnings of warnings where partial answers are taken', async (t) => {
    const backend = await backendTo(t, {
      series: (call) => {
        call.write(seriesMessage({ __name__: 'a' }, chunkOf([10, 1])));
        call.write(warning('block x is gone'));
        call.write(seriesMessage({ __name__: 'b' }, chunkOf([10, 1])));
        call.end();
      },
    });
    const { series, annotations } = valueOf(await backend.select(scopeWith(), ALL));
    assert.equal(series.length, 2);
    assert.deepEqual(told(annotations), [{ severity: 'warning', message: 'block x is gone' }]);
  });

  it('fails on a warning where they are not, whatever the server made of the strategy', async (t) => {
    const backend = await backendTo(t, {
      series: (call) => {
        call.write(warning('block x is gone'));
        call.end();
      },
    });
    const { kind, reason } = failureOf(await backend.select(scopeWith({ partialResponse: false }), ALL));
    assert.deepEqual(
      [kind, reason],
      ['unavailable', 'it warns that its answer may be incomplete: block x is gone'],
    );
  });
});

describe('label calls over the Store API', () => {
  it('list series without their chunks, each once', async (t) => {
    const backend = await backendTo(t, {
      series: (call) => {
        const { skipChunks, limit } = decodeSeriesRequest(call.request);
        if (skipChunks && limit === 5) call.write(seriesMessage({ __name__: 'a' }));
        call.end();
      },
    });
    const matcherSets = [[], [{ kind: '=', name: 'x', value: 'y' }]] as const;
    const request = { matcherSets, minTime: 0, maxTime: 1, limit: 5 };
    const { items } = valueOf(await backend.series(scopeWith(), request));
    assert.deepEqual([...items].map(labelsToRecord), [{ __name__: 'a' }]);
  });

  it('ask once for each alternative and join the answers', async (t) => {
    const backend = await backendTo(t, {
      labelNames: (request) => {
        const { matchers } = decodeLabelNamesRequest(request);
        return encodeLabelNamesResponse({
          names: ['__name__', ...matchers.map(({ name }) => name)],
          warnings: ['slow'],
          hints: undefined,
        });
      },
    });
    const matcherSets = [
      [{ kind: '=', name: 'x', value: '1' }],
      [{ kind: '=', name: 'y', value: '1' }],
    ] as const;
    const request = { matcherSets, minTime: 0, maxTime: 1, limit: 0 };
    const { items, annotations } = valueOf(await backend.labelNames(scopeWith(), request));
    assert.deepEqual(items, ['__name__', 'x', 'y']);
    assert.deepEqual(told(annotations), [{ severity: 'warning', message: 'slow' }]);
    const whole = await backend.labelNames(scopeWith({ partialResponse: false }), request);
    assert.equal(failureOf(whole).kind, 'unavailable');
  });

  it('ask for a few alternatives at a time, however many there are', async (t) => {
    let open = 0;
    let most = 0;
    let calls = 0;
    const backend = await backendTo(t, {
      series: async (call) => {
        calls++;
        most = Math.max(most, ++open);
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        open--;
        call.end();
      },
    });
    const matcherSets = Array.from(
      { length: 20 },
      (_, i) => [{ kind: '=', name: 'a', value: String(i) }] as const,
    );
    valueOf(await backend.series(scopeWith(), { matcherSets, minTime: 0, maxTime: 1, limit: 0 }));
    assert.deepEqual([calls, most], [20, 4]);
  });

  it('end the calls for all alternatives once one has failed', async (t) => {
    let calls = 0;
    const ended: Promise<unknown>[] = [];
    const backend = await backendTo(t, {
      series: async (call) => {
        calls++;
        if (calls < 4) {
          ended.push(once(call, 'cancelled'));
          return;
        }
        call.emit('error', failure(status.INTERNAL, 'broken'));
      },
    });
    const matcherSets = Array.from(
      { length: 20 },
      (_, i) => [{ kind: '=', name: 'a', value: String(i) }] as const,
    );
    const answer = await backend.series(scopeWith(), { matcherSets, minTime: 0, maxTime: 1, limit: 0 });
    assert.match(failureOf(answer).reason, /broken/);
    await Promise.all(ended);
    assert.deepEqual([calls, ended.length], [4, 3]);
  });

  it('lay configured labels over those of the server', async (t) => {
    const backend = await backendTo(
      t,
      {
        info: () => infoAnswer([labelsFromRecord({ cluster: 'eu', shard: '0' })]),
        series: (call) => {
          call.write(seriesMessage({ __name__: 'a', cluster: 'eu' }, chunkOf([10, 1])));
          call.end();
        },
        labelNames: () => encodeLabelNamesResponse({ names: ['__name__'], warnings: [], hints: undefined }),
        exemplars: (call) => {
          const data = { seriesLabels: labelsFromRecord({ __name__: 'a', cluster: 'eu' }), exemplars: [] };
          call.write(encodeExemplarsResponse({ data, warning: undefined }));
          call.end();
        },
      },
      { externalLabels: labelsFromRecord({ cluster: 'us', dc: '1' }) },
    );
    const request = { matcherSets: [], minTime: 0, maxTime: 1, limit: 0 };
    const external = valueOf(await backend.describe(NEVER)).externalLabels;
    assert.deepEqual(labelsToRecord(external), { cluster: 'us', dc: '1', shard: '0' });
    const selected = [...valueOf(await backend.select(scopeWith(), ALL)).series][0]!.labels;
    assert.deepEqual(labelsToRecord(selected), { __name__: 'a', cluster: 'us', dc: '1' });
    assert.deepEqual(valueOf(await backend.labelNames(scopeWith(), request)).items, [
      '__name__',
      'cluster',
      'dc',
    ]);
    assert.deepEqual(valueOf(await backend.labelValues(scopeWith(), 'dc', request)).items, ['1']);
    const asked = { minTime: 0, maxTime: 1, matcherSets: [ALL.matchers] };
    const [exemplars] = valueOf(await backend.lists.exemplars(scopeWith(), asked)).items;
    assert.deepEqual(labelsToRecord(exemplars!.labels), { __name__: 'a', cluster: 'us', dc: '1' });
  });
});
