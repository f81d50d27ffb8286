import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { RawSeriesSet } from '../../../src/backend/backend.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { labelsFrom, labelsFromRecord, type Labels } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { ALWAYS } from '../../../src/model/time-range.ts';
import { Pacer } from '../../../src/model/pacer.ts';
import type { ReplicaView } from '../../../src/model/request-scope.ts';
import { success } from '../../../src/model/result.ts';
import { GroupMemory } from '../../../src/select/reading/group-memory.ts';
import { groupSeries } from '../../../src/select/reading/group.ts';
import type { SeriesGroups } from '../../../src/select/reading/series-groups.ts';
import type { ShardOutcome } from '../../../src/select/routing/fan-out.ts';
import { KnownSeries } from '../../../src/wire/batch/known-series.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import { ProtoReader } from '../../../src/wire/protobuf/proto-reader.ts';
import { encodeChunkedFrames, readChunkedResponse } from '../../../src/wire/remote-read/streamed.ts';
import { assertProperty } from '../../support/property.ts';
import { splitFrames } from '../../support/split-frames.ts';
import { memoryEndpoint } from '../support.ts';

type View = Pick<ReplicaView, 'replicaLabels' | 'mergedHere'>;

const PACER = new Pacer(new AbortController());
const RANGE = { minTime: 0, maxTime: 100, completeUntil: 100 };
const MERGING: View = { replicaLabels: ['r'], mergedHere: new Set(['r']) };
const SHOWING: View = { replicaLabels: ['r'], mergedHere: new Set() };
const PLAIN = memoryEndpoint('a:1', { s: '1' }, []);
const MARKED: Endpoint = { ...memoryEndpoint('b:1', { s: '1', r: 'x' }, []), ownLabels: new Set(['r']) };

const WANTED_X: readonly Matcher[] = [{ kind: '=', name: 'a', value: 'x' }];
const WANTED_Y: readonly Matcher[] = [{ kind: '=', name: 'a', value: 'y' }];

const LABELS = fc
  .array(fc.tuple(fc.constantFrom('__name__', 'a', 'r', 'é'), fc.constantFrom('x', 'y', 'z')))
  .map((pairs) => labelsFrom(pairs));

interface Answer {
  readonly endpoint: Endpoint;
  readonly series: readonly Labels[];
  readonly external: Labels;
  /** What a series must match; nothing where it is left out. */
  readonly wanted?: readonly Matcher[] | undefined;
}

/** What an endpoint answers, its first samples at `first`. */
async function received(
  { endpoint, series, external, wanted }: Answer,
  first: number,
  known: KnownSeries | undefined,
): Promise<ShardOutcome<RawSeriesSet>> {
  const batch = new SeriesBatch(known);
  const all = series.map((labels, i) => ({
    labels,
    chunks: [{ encoding: 1, minTime: first + i, maxTime: first + i, data: Uint8Array.of(0, 9) }],
  }));
  for (const frame of encodeChunkedFrames(all))
    for (const message of splitFrames(frame)) readChunkedResponse(new ProtoReader(message), batch);
  batch.trim();
  await batch.overlay(external, 'extra', PACER);
  const value = { series: batch, annotations: [], bytes: 0 };
  const route = { endpoint, within: ALWAYS, matcherSets: [], wanted: wanted === undefined ? [] : [wanted] };
  return { name: 'shard', outcomes: [{ route, result: success(value), elapsedMs: 1 }] };
}

function plain(groups: SeriesGroups) {
  return Array.from({ length: groups.length }, (_, i) => {
    const { labels, metricName, replicas } = groups.at(i);
    return [labels, metricName, groups.received(i), replicas];
  });
}

/** Counts how often it helped. */
class CountingMemory extends GroupMemory {
  found = 0;

  override find(...args: Parameters<GroupMemory['find']>): ReturnType<GroupMemory['find']> {
    const grouping = super.find(...args);
    if (grouping !== undefined) this.found++;
    return grouping;
  }
}

/** A gateway that remembers what each endpoint sent, and how it was grouped. */
class Remembering {
  readonly #known = new Map<Endpoint, KnownSeries>();
  readonly groups = new CountingMemory();
  readonly #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  async grouped(answers: readonly Answer[], view: View, first = 0): Promise<SeriesGroups> {
    const shards = await Promise.all(
      answers.map((answer, i) => received(answer, first + 1000 * i, this.#knownOf(answer.endpoint))),
    );
    return groupSeries(shards, view, RANGE, PACER, this.groups);
  }

  #knownOf(endpoint: Endpoint): KnownSeries {
    const known = this.#known.get(endpoint) ?? new KnownSeries(this.#room);
    this.#known.set(endpoint, known);
    return known;
  }
}

async function groupedCold(answers: readonly Answer[], view: View, first = 0): Promise<SeriesGroups> {
  const shards = await Promise.all(answers.map((answer, i) => received(answer, first + 1000 * i, undefined)));
  return groupSeries(shards, view, RANGE, PACER, new GroupMemory());
}

const ANSWER = fc.record({
  endpoint: fc.constantFrom(PLAIN, MARKED),
  series: fc.array(LABELS, { maxLength: 8 }),
  external: fc.constantFrom(labelsFromRecord({}), labelsFromRecord({ r: 'x' }), labelsFromRecord({ s: '1' })),
  wanted: fc.constantFrom(undefined, WANTED_X, WANTED_Y),
});

describe('groups that are remembered', () => {
  it('are those that are made anew, whatever was grouped before', async () => {
    await assertProperty(
      fc.asyncProperty(
        fc.array(fc.array(ANSWER, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(2), fc.constantFrom(MERGING, SHOWING)), { maxLength: 8 }),
        fc.constantFrom(0, 2000, 1024 ** 2),
        async (queries, rounds, room) => {
          const remembering = new Remembering(room);
          for (const [round, [which, view]] of rounds.entries()) {
            const answers = queries[which % queries.length]!;
            assert.deepEqual(
              plain(await remembering.grouped(answers, view, round)),
              plain(await groupedCold(answers, view, round)),
            );
          }
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  it('serve again for the same series, with the samples of the new answer', async () => {
    const series = ['x', 'y', 'z'].map((a) => labelsFromRecord({ a, r: a }));
    const answers = [PLAIN, MARKED].map((endpoint) => ({ endpoint, series, external: labelsFromRecord({}) }));
    const remembering = new Remembering(1024 ** 2);
    await remembering.grouped(answers, MERGING);
    assert.equal(remembering.groups.found, 0);
    const again = await remembering.grouped(answers, MERGING, 50);
    assert.equal(remembering.groups.found, 1);
    assert.deepEqual(plain(again), plain(await groupedCold(answers, MERGING, 50)));
    const checked = answers.map((answer) => ({ ...answer, wanted: WANTED_X }));
    const left = await remembering.grouped(checked, MERGING);
    assert.equal(left.length, 1);
    assert.equal(remembering.groups.found, 1, 'what is wanted is part of it');
    assert.deepEqual(plain(await remembering.grouped(checked, MERGING)), plain(left));
    assert.equal(remembering.groups.found, 2);
    const renewed = answers.map((answer) => ({ ...answer, endpoint: { ...answer.endpoint } }));
    await remembering.grouped(renewed, MERGING);
    assert.equal(remembering.groups.found, 2, 'what is known of an endpoint is part of it');
  });
});
