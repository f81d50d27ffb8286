import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backend, LookupRequest } from '../../../src/backend/backend.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { createMemoryBackend } from '../../../src/backend/memory/backend.ts';
import { ChunkEncoding } from '../../../src/model/chunk.ts';
import { labelsFromRecord, labelsToRecord } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { failingBackend, type Fault } from '../../support/failing-backend.ts';
import { scopeWith } from '../../support/scopes.ts';

function columns(labels: Readonly<Record<string, string>>, times: readonly number[]): RawSeries {
  const buffer = new SampleBuffer();
  for (const t of times) buffer.push(t, t * 10);
  return { labels: labelsFromRecord(labels), data: { kind: 'columns', columns: buffer } };
}

function backend(series: readonly RawSeries[] = SERIES): Backend {
  const externalLabels = labelsFromRecord({ dc: 'west' });
  return createMemoryBackend({ address: 'memory:1', externalLabels, series });
}

const SERIES = [
  columns({ __name__: 'a', job: 'x' }, [1000, 2000, 3000]),
  columns({ __name__: 'a', job: 'y' }, [4000, 5000]),
  columns({ __name__: 'b', job: 'y' }, [1000, 5000]),
];

const NAME_A: Matcher = { kind: '=', name: '__name__', value: 'a' };
const HINTS = { range: 0, func: '' };

async function selected(
  matchers: readonly Matcher[],
  minTime: number,
  maxTime: number,
  from: Backend = backend(),
): Promise<readonly RawSeries[]> {
  const answer = await from.select(scopeWith(), { matchers, minTime, maxTime, hints: HINTS });
  assert.ok(answer.ok);
  return [...answer.value.series];
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function request(parts: Partial<LookupRequest>): LookupRequest {
  return { matcherSets: [], minTime: 0, maxTime: 10_000, limit: 0, ...parts };
}

test('series that match come back with external labels and the samples in the range', async () => {
  const [first, ...rest] = await selected([NAME_A], 2000, 3999);
  assert.deepEqual(rest, []);
  assert.deepEqual(labelsToRecord(first!.labels), { __name__: 'a', dc: 'west', job: 'x' });
  assert.ok(first!.data.kind === 'columns');
  assert.deepEqual([...first!.data.columns.t], [2000, 3000]);
  assert.deepEqual([...first!.data.columns.v], [20_000, 30_000]);
});

test('both ends of the range belong to it', async () => {
  assert.equal((await selected([], 5000, 5000)).length, 2);
  assert.equal((await selected([], 5001, 9000)).length, 0);
});

test('compressed chunks stay compressed, those out of range are left out', async () => {
  const chunk = (minTime: number, maxTime: number) => ({
    encoding: ChunkEncoding.xor,
    minTime,
    maxTime,
    data: new Uint8Array(3),
  });
  const series: RawSeries = {
    labels: labelsFromRecord({ __name__: 'a' }),
    data: { kind: 'chunks', chunks: [chunk(0, 9), chunk(10, 19), chunk(20, 29)] },
  };
  const [found] = await selected([], 9, 12, backend([series]));
  assert.ok(found?.data.kind === 'chunks');
  assert.deepEqual(
    found.data.chunks.map(({ minTime }) => minTime),
    [0, 10],
  );
  const answer = await backend([series]).select(scopeWith(), {
    matchers: [],
    minTime: 9,
    maxTime: 12,
    hints: HINTS,
  });
  assert.equal(answer.ok && answer.value.bytes, 6);
});

test('it describes itself by the range of its samples', async () => {
  const answer = await backend().describe(never());
  assert.ok(answer.ok);
  const { minTime, maxTime, protocol, externalLabels } = answer.value;
  assert.deepEqual([minTime, maxTime, protocol], [1000, 5000, 'memory']);
  assert.deepEqual(labelsToRecord(externalLabels), { dc: 'west' });
});

test('label calls know matchers, time and limit', async () => {
  const memory = backend();
  const byJob: Matcher = { kind: '=', name: 'job', value: 'y' };
  const series = await memory.series(scopeWith(), request({ matcherSets: [[NAME_A, byJob], [byJob]] }));
  assert.deepEqual(series.ok && Array.from(series.value.items, (labels) => labels.join(' ')), [
    '__name__ a dc west job y',
    '__name__ b dc west job y',
  ]);
  const names = await memory.labelNames(scopeWith(), request({ limit: 2 }));
  assert.deepEqual(names.ok && names.value.items, ['__name__', 'dc']);
  const early = await memory.labelValues(
    scopeWith(),
    'job',
    request({ matcherSets: [[NAME_A]], maxTime: 3999 }),
  );
  assert.deepEqual(early.ok && early.value.items, ['x']);
  const external = await memory.labelValues(scopeWith(), 'dc', request({}));
  assert.deepEqual(external.ok && external.value.items, ['west']);
  const absent = await memory.labelValues(scopeWith(), 'nothing', request({}));
  assert.deepEqual(absent.ok && absent.value.items, []);
});

test('an aborted call resolves to a failure', async () => {
  const answer = await backend().labelNames(scopeWith({}, AbortSignal.abort()), request({}));
  assert.deepEqual(answer.ok || answer.failure, {
    kind: 'canceled',
    endpoint: 'memory:1',
    reason: 'the request was canceled',
  });
});

test('a pattern that does not compile is a failure', async () => {
  const matchers: readonly Matcher[] = [{ kind: '=~', name: 'job', value: '(' }];
  const answer = await backend().select(scopeWith(), { matchers, minTime: 0, maxTime: 1, hints: HINTS });
  assert.equal(answer.ok || answer.failure.kind, 'bad_data');
});

test('a test can make a backend fail and recover', async () => {
  const fault: Fault = { failWith: { kind: 'unavailable', reason: 'connection refused' } };
  const flaky = failingBackend(backend(), fault);
  const answer = await flaky.labelNames(scopeWith(), request({}));
  assert.equal(answer.ok || answer.failure.endpoint, 'memory:1');
  fault.failWith = undefined;
  assert.ok((await flaky.labelNames(scopeWith(), request({}))).ok);
});

test('a test can make a backend wait until it is canceled', async () => {
  const slow = failingBackend(backend(), { delay: new Promise(() => {}) });
  const controller = new AbortController();
  const answer = slow.describe(controller.signal);
  controller.abort();
  assert.equal((await answer).ok, false);
});
