import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stripAxis } from '../../ui/endpoints/strip-axis.ts';
import { remarkParts } from '../../ui/query/remark-parts.ts';
import { namesOf } from '../../ui/state/endpoint-names.ts';
import { fleetOf, healthOf, type Fleet } from '../../ui/state/fleet.ts';
import { B_LACKS, holes, idOf, installation, NOON, OUTAGE } from './suites/outage-answers.ts';

function fleetWith(replicas: Parameters<typeof installation>[0]): Fleet {
  const { stores, coverage } = installation(replicas);
  return fleetOf(stores, coverage.shards);
}

function stateWith(replicas: Parameters<typeof installation>[0][string]): string {
  return fleetWith({ eu: replicas }).shards[0]!.state;
}

/** What a alone has. */
const ONLY_A = { lostWithIt: holes([[10, 12]]) };

describe('the state of a shard', () => {
  test('is missing where an endpoint is down that alone has something', () => {
    assert.equal(stateWith({ a: { isDown: true, coverage: ONLY_A }, b: { coverage: B_LACKS } }), 'missing');
    const fleet = fleetOf(OUTAGE.stores, OUTAGE.coverage.shards);
    assert.deepEqual(healthOf(fleet), {
      state: 'missing',
      text: '1 shard whole · 1 missing · 1 endpoint down',
    });
  });

  test('is patched where others have all that it has', () => {
    assert.equal(stateWith({ a: { isDown: true }, b: {} }), 'patched');
    assert.equal(stateWith({ a: { isDown: true }, b: {}, c: { coverage: B_LACKS } }), 'missing');
  });

  test('is patched where all are up, whatever one alone has', () => {
    assert.equal(stateWith({ a: { coverage: ONLY_A }, b: { coverage: B_LACKS } }), 'patched');
    assert.equal(stateWith({ a: {}, b: {} }), 'whole');
  });

  test('is missing where two are down that alone have something together', () => {
    const both = {
      coverage: 'lacks',
      lacks: holes(
        [[1, 2]],
        ['a', 'b'].map((each) => idOf('eu', each)),
      ),
    } as const;
    assert.equal(stateWith({ a: { isDown: true }, b: {}, c: { coverage: both } }), 'patched');
    assert.equal(stateWith({ a: { isDown: true }, b: { isDown: true }, c: { coverage: both } }), 'missing');
  });

  test('is missing where one is down of which nothing is known, as a query says', () => {
    assert.equal(stateWith({ a: { isDown: true, coverage: { lostWithIt: undefined! } }, b: {} }), 'missing');
  });

  test('is down where all are', () => {
    assert.equal(stateWith({ a: { isDown: true }, b: { isDown: true } }), 'failed');
  });
});

test('an endpoint is named by the last label of its shard, or by all where that is of others, too', () => {
  const { stores, coverage } = installation({ eu: { a: {}, b: {} } });
  const names = (fleet: Fleet): readonly string[] => Array.from(namesOf(fleet).values(), ({ name }) => name);
  assert.deepEqual(names(fleetOf(stores, coverage.shards)), ['eu/a', 'eu/b']);
  const [shard] = coverage.shards;
  const other = {
    ...shard!,
    labels: { cluster: 'live', shard: 'eu' },
    endpoints: [{ ...shard!.endpoints[0]!, endpoint: 'x' }],
  };
  const store = { ...stores['prometheus']![0]!, name: 'x', labelSets: [{ ...other.labels, replica: 'a' }] };
  const two = fleetOf({ prometheus: [...stores['prometheus']!, store] }, [...coverage.shards, other]);
  assert.deepEqual(names(two), ['demo eu/a', 'eu/b', 'live eu/a']);
});

test('sentences name known endpoints and show times, and nothing else of them changes', () => {
  const names = namesOf(fleetOf(OUTAGE.stores, OUTAGE.coverage.shards));
  const said = (text: string): string =>
    remarkParts(text, names, (seconds) => new Date(seconds * 1000).toISOString().slice(11, 19))
      .map((part) => (typeof part === 'string' ? part : `<${part.name}>`))
      .join('');
  assert.equal(
    said(
      'endpoint http://eu-a:9090 did not answer: x; its replica http://eu-b:9090, http://us-a:9090 was away from 2026-11-22T12:10:00.123Z to 2026-11-22T12:12:00Z, and',
    ),
    'endpoint <eu/a> did not answer: x; its replica <eu/b>, <us/a> was away from 12:10:00 to 12:12:00, and',
  );
  assert.equal(said('http://eu-a:9090: its own words'), '<eu/a>: its own words');
  for (const text of ['http://eu-a:90901 x', '{instance="http://eu-a:9090"}', 'a="2026-11-22T12:12:00Z"', ''])
    assert.equal(said(text), text);
});

test('the axis of strips begins with the first scrape that is known', () => {
  const since = (wholeSince: number) => ({ coverage: { wholeSince } });
  const { shards } = fleetWith({ eu: { a: since(NOON - 600), b: since(NOON - 1200) } });
  assert.deepEqual(stripAxis(shards), { start: NOON - 1200, end: NOON + 3600 });
  assert.equal(stripAxis([]), undefined);
});
