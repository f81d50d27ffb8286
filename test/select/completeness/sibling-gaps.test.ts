import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { endpointId } from '../../../src/cluster/endpoint-id.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { SampleBuffer, copyColumns } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { failingBackend, type Fault } from '../../support/failing-backend.ts';
import {
  NEVER,
  scopeOf,
  REQUEST,
  columnsSeries,
  failingEndpoint,
  memoryEndpoint,
  messages,
  readAll,
  type Samples,
} from '../support.ts';

const MINUTE = 60_000;
const INTERVAL = 15_000;
const NOW = 100 * MINUTE;
const TARGET = { __name__: 'up', instance: '1', job: 'j' };
const RANGE = { ...REQUEST, minTime: 30 * MINUTE, maxTime: 90 * MINUTE };

/** Samples at each interval, but for one stretch of minutes. */
function scrapes(first: number, last: number, [from, to]: readonly [number, number] = [0, 0]): Samples {
  const all = Array.from(
    { length: ((last - first) * MINUTE) / INTERVAL },
    (_, i) => first * MINUTE + i * INTERVAL,
  );
  return all.filter((t) => t < from * MINUTE || t >= to * MINUTE).map((t) => [t, 1] as const);
}

/** A replica that has `m` and a target, both with the same scrapes. */
function sibling(
  name: string,
  samples: Samples,
  more: readonly RawSeries[] = [],
  fault: Fault = {},
): Endpoint {
  const series = [columnsSeries(TARGET, samples), columnsSeries({ __name__: 'm' }, samples), ...more];
  const endpoint = memoryEndpoint(`${name}:1`, { __replica__: name }, series, {
    witnesses: [labelsFromRecord(TARGET)],
  });
  return { ...endpoint, backend: failingBackend(endpoint.backend, fault) };
}

function lost(...by: readonly string[]): Endpoint {
  return failingEndpoint(
    'z:1',
    { __replica__: 'z' },
    { covered: new Map(by.map((each) => [endpointId(`${each}:1`), 1])) },
  );
}

function selectionAt(...endpoints: readonly Endpoint[]) {
  const clock = { now: () => NOW, monotonic: () => 0 };
  return createSelection({ topology: () => fixedTopology(endpoints), timers: SYSTEM_TIMERS, clock });
}

async function remarks(...endpoints: readonly Endpoint[]): Promise<readonly string[]> {
  const { annotations } = await selectionAt(...endpoints)
    .source(scopeOf())
    .select(RANGE, NEVER);
  return messages(annotations);
}

const AWAY = scrapes(0, 100, [50, 60]);
const LOST = 'in shard {} endpoint z:1 did not answer: connection refused';

test('a replica that was there all the time replaces a lost one', async () => {
  assert.deepEqual(await remarks(sibling('a', scrapes(0, 100)), lost('a')), [
    `info: ${LOST}; nothing is missing, its replica a:1 answered`,
  ]);
});

test('a replica that was away itself does not, and the answer says when', async () => {
  assert.deepEqual(await remarks(sibling('a', AWAY), lost('a')), [
    `warning: ${LOST}; its replica a:1 was away itself from 1970-01-01T00:49:45.000Z to 1970-01-01T01:00:00.000Z`,
  ]);
});

test('without partial response that is an error', async () => {
  const selection = selectionAt(sibling('a', AWAY), lost('a'));
  await assert.rejects(selection.source(scopeOf({ partialResponse: false })).select(RANGE, NEVER), {
    kind: 'unavailable',
    message: /its replica a:1 was away itself from/,
  });
});

test('outside of the range it may have been away', async () => {
  const selection = selectionAt(sibling('a', AWAY), lost('a'));
  const range = { ...RANGE, minTime: 61 * MINUTE };
  const { annotations } = await selection.source(scopeOf()).select(range, NEVER);
  assert.match(messages(annotations).join(), /^info: .*nothing is missing/);
});

test('two replicas that were away at different times replace a third together', async () => {
  const other = sibling('b', scrapes(0, 100, [70, 80]));
  assert.match(
    (await remarks(sibling('a', AWAY), other, lost('a', 'b'))).join(),
    /^info: .*nothing is missing/,
  );
});

test('where the data of a replica begin, those of the lost one may begin as well', async () => {
  assert.deepEqual(await remarks(sibling('a', scrapes(40, 100)), lost('a')), [
    `info: ${LOST}; its replica a:1 answered, which has nothing before 1970-01-01T00:40:00.000Z itself`,
  ]);
});

test('a replica that was away for the whole range was there before', async () => {
  const away = sibling('a', scrapes(0, 100, [10, 100]));
  assert.deepEqual(await remarks(away, lost('a')), [
    `warning: ${LOST}; its replica a:1 was away itself from 1970-01-01T00:30:00.000Z to 1970-01-01T01:30:00.000Z`,
  ]);
});

test('a target that began within the range proves nothing while there were others before', async () => {
  const others = columnsSeries({ ...TARGET, instance: '2' }, scrapes(0, 45));
  assert.match(
    (await remarks(sibling('a', scrapes(40, 100), [others]), lost('a'))).join(),
    /^info: .*nothing is missing/,
  );
});

test('a replica that fails while it is asked for its gaps is no proof that nothing is missing', async () => {
  const fault: Fault = {};
  const endpoint = sibling('a', scrapes(0, 100), [], fault);
  const { backend } = endpoint;
  const failing: Endpoint = {
    ...endpoint,
    backend: {
      ...backend,
      select: async (request, signal) => {
        const answer = await backend.select(request, signal);
        fault.failWith = { kind: 'unavailable', reason: 'connection reset' };
        return answer;
      },
    },
  };
  assert.deepEqual(await remarks(failing, lost('a')), [
    `warning: ${LOST}; its replica a:1 did not tell whether it has gaps: connection reset`,
  ]);
});

test('a replica without targets is taken at its word', async () => {
  const archive = memoryEndpoint('a:1', { __replica__: 'a' }, [columnsSeries({ __name__: 'm' }, AWAY)]);
  assert.match((await remarks(archive, lost('a'))).join(), /^info: .*nothing is missing/);
});

/** What a query over these says once it has read its series. */
async function remarksOfReader(partialResponse: boolean, ...endpoints: readonly Endpoint[]) {
  const set = await selectionAt(...endpoints)
    .source(scopeOf({ partialResponse }))
    .select(RANGE, NEVER);
  readAll(set);
  return messages(set.annotations);
}

test('a series that stops and goes on while its server was there is a warning, and no error', async () => {
  const holed = sibling('a', scrapes(0, 100), [columnsSeries({ __name__: 'n' }, AWAY)]);
  const warning =
    `warning: ${LOST}; samples may be missing, since its replica a:1 has holes: ` +
    'from 1970-01-01T00:49:45.000Z to 1970-01-01T01:00:00.000Z';
  for (const partialResponse of [true, false])
    assert.deepEqual(await remarksOfReader(partialResponse, holed, lost('a')), [warning]);
});

test('a series whose target was gone for a while is none', async () => {
  const before = scrapes(0, 50);
  const buffer = new SampleBuffer();
  for (const [t, v] of before) buffer.push(t, v);
  buffer.push(50 * MINUTE, STALE_NAN);
  for (const [t, v] of scrapes(60, 100)) buffer.push(t, v);
  const gone: RawSeries = {
    labels: labelsFromRecord({ __name__: 'n' }),
    data: { kind: 'columns', columns: copyColumns(buffer) },
  };
  assert.match(
    (await remarksOfReader(true, sibling('a', scrapes(0, 100), [gone]), lost('a'))).join(),
    /^info: .*nothing is missing/,
  );
});

test("holes are nobody's loss where all replicas answered", async () => {
  const holed = sibling('a', scrapes(0, 100), [columnsSeries({ __name__: 'n' }, AWAY)]);
  assert.deepEqual(await remarksOfReader(true, holed), []);
});

test('chunks for others to merge are missing as well', async () => {
  const selection = selectionAt(sibling('a', AWAY), lost('a'));
  const { annotations } = await selection.chunks(scopeOf({ dedup: false, mergesReplicas: true }), RANGE);
  assert.match(messages(annotations).join(), /^warning: .*was away itself/);
});

test('what a sibling lacks at times of which none of them is asked is no loss', async () => {
  const since = (minute: number) => ({ window: { min: { kind: 'at', ms: minute * MINUTE } } }) as const;
  const asked = (minute: number): readonly Endpoint[] => [
    { ...sibling('a', AWAY), ...since(minute) },
    { ...lost('a'), ...since(minute) },
  ];
  const [whole] = await remarks(...asked(70));
  assert.match(whole!, /^info: .*; nothing is missing, its replica a:1 answered$/);
  const [away] = await remarks(...asked(40));
  assert.match(away!, /^warning: .* was away itself from /);
});
