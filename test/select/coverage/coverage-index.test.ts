import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Backend } from '../../../src/backend/backend.ts';
import { attempt } from '../../../src/backend/endpoint-error.ts';
import type { CoverageIndex } from '../../../src/cluster/coverage/coverage-index.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { failingBackend, type Fault } from '../../support/failing-backend.ts';
import { NO_PAUSE } from '../../support/pace.ts';
import { MINUTE, START, indexAt, replicaOf, scraped } from './support.ts';

/** What each endpoint lacks between two minutes; undefined where not all is known. */
async function lacks(
  index: CoverageIndex,
  endpoints: readonly Endpoint[],
  from: number,
  to: number,
): Promise<readonly (readonly string[])[] | undefined> {
  const question = { from: START + from * MINUTE, to: START + to * MINUTE, missed: 1 };
  const answer = await index.compare(endpoints, () => question, NO_PAUSE);
  if (answer.kind === 'unknown') return undefined;
  return answer.comparison.replicas.map(({ lacks: holes }) =>
    holes.list().map(({ from: first, to: last, targets }) => {
      const [begin, end] = [first, last].map((t) => Math.round((t - START) / MINUTE));
      return `${begin}–${end} of ${targets}`;
    }),
  );
}

/** Reads what there is now. */
async function refreshAll(index: CoverageIndex, endpoints: readonly Endpoint[]): Promise<void> {
  for (const endpoint of endpoints) await index.refresh(endpoint);
}

describe('the tail', () => {
  for (const form of ['chunks', 'columns'] as const)
    it(`is read once and extended by each refresh, of ${form}`, async () => {
      const a = replicaOf('a', { 1: scraped(0, 600, [200, 215]), 2: scraped(0, 600) }, form);
      const b = replicaOf('b', { 1: scraped(0, 600, [230, 240]), 2: scraped(0, 600, [230, 240]) }, form);
      const { index, clock } = indexAt(190);
      for (let minute = 190; minute <= 300; minute++) {
        clock.at = START + minute * MINUTE;
        await refreshAll(index, [a, b]);
      }
      assert.deepEqual(await lacks(index, [a, b], 130, 300), [['200–215 of 1'], ['230–240 of 2']]);
      assert.deepEqual(await lacks(index, [a, b], 216, 229), [[], []]);
    });

  it('becomes the past, and is kept', async () => {
    const a = replicaOf('a', { 1: scraped(0, 1000, [130, 140]) });
    const b = replicaOf('b', { 1: scraped(0, 1000) });
    const { index, clock } = indexAt(150);
    for (let minute = 150; minute <= 800; minute += 30) {
      clock.at = START + minute * MINUTE;
      await refreshAll(index, [a, b]);
    }
    assert.equal(index.standing(a, 24 * 60 * MINUTE).since, START);
    assert.deepEqual(await lacks(index, [a, b], 0, 800), [['130–140 of 1'], []]);
  });

  it('begins anew where an endpoint lost what it had, and so does its past', async () => {
    const a = replicaOf('a', { 1: scraped(0, 600), 2: scraped(0, 600) });
    const b = replicaOf('b', { 1: scraped(0, 600), 2: scraped(0, 600) });
    const problems: string[] = [];
    const { index, clock } = indexAt(300, ({ address }, problem) => problems.push(`${address}: ${problem}`));
    await refreshAll(index, [a, b]);
    for (const endpoint of [a, b]) await index.load(endpoint, { minTime: START, maxTime: clock.at });
    assert.deepEqual(await lacks(index, [a, b], 10, 300), [[], []]);
    const empty = replicaOf('a', { 1: scraped(300.5, 600), 2: scraped(300.5, 600) });
    a.backend.select = (...call) => empty.backend.select(...call);
    clock.at = START + 301 * MINUTE;
    await refreshAll(index, [a, b]);
    assert.equal(await lacks(index, [a, b], 10, 301), undefined);
    assert.deepEqual(problems, ['a:1: it no longer has the scrapes that it had, so its past is read anew']);
    clock.at = START + 302 * MINUTE;
    await refreshAll(index, [a, b]);
    for (const endpoint of [a, b]) await index.load(endpoint, { minTime: START, maxTime: clock.at });
    assert.deepEqual(await lacks(index, [a, b], 10, 302), [['10–301 of 2'], []]);
  });

  it('of an endpoint that went away ends there, and goes on when it is back', async () => {
    const fault: Fault = {};
    const whole = replicaOf('a', { 1: scraped(0, 600) });
    const a: Endpoint = { ...whole, backend: failingBackend(whole.backend, fault) };
    const { index, clock } = indexAt(200);
    await index.refresh(a);
    fault.failWith = { kind: 'unavailable', reason: 'connection refused' };
    clock.at = START + 230 * MINUTE;
    await index.refresh(a);
    const { until, problem } = index.standing(a, 0);
    assert.deepEqual([until, problem], [START + 200 * MINUTE, 'connection refused']);
    fault.failWith = undefined;
    clock.at = START + 240 * MINUTE;
    await index.refresh(a);
    assert.deepEqual(await lacks(index, [a], 200, 240), [[]]);
    assert.equal(index.standing(a, 0).problem, undefined);
  });
});

describe('the past', () => {
  it('is not known before it is read, and kept then', async () => {
    const a = replicaOf('a', { 1: scraped(0, 3000, [100, 110]) });
    const b = replicaOf('b', { 1: scraped(0, 3000) });
    const { index } = indexAt(3000);
    await refreshAll(index, [a, b]);
    assert.equal(await lacks(index, [a, b], 60, 300), undefined);
    const range = { minTime: START + 60 * MINUTE, maxTime: START + 300 * MINUTE };
    assert.deepEqual(await Promise.all([a, b].map((each) => index.load(each, range))), [true, true]);
    assert.deepEqual(await lacks(index, [a, b], 60, 300), [['100–110 of 1'], []]);
  });

  it('of servers that scrape no more tells which one was whole', async () => {
    const a = replicaOf('a', { 1: scraped(0, 600) });
    const b = replicaOf('b', { 1: scraped(0, 600, [400, 420]) });
    const { index } = indexAt(60 * 24 * 300);
    await refreshAll(index, [a, b]);
    const range = { minTime: START + 300 * MINUTE, maxTime: START + 500 * MINUTE };
    for (const each of [a, b]) await index.load(each, range);
    assert.deepEqual(await lacks(index, [a, b], 300, 500), [[], ['400–420 of 1']]);
  });
});

describe('an endpoint', () => {
  it('with more targets than are read is not known, is left alone for a while, and is told of once', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`${i}`, scraped(199, 200)]));
    const told: string[] = [];
    const a = replicaOf('a', many, 'columns');
    const { index, clock } = indexAt(200, (endpoint, problem) => told.push(`${endpoint.id}: ${problem}`));
    await index.refresh(a);
    clock.at += MINUTE;
    await index.refresh(a);
    assert.deepEqual(told, ['a:1: it has more than 20000 targets']);
    assert.equal(await lacks(index, [a], 190, 200), undefined);
  });

  it('that sends series without end is not read for long', async () => {
    const whole = replicaOf('a', { 1: scraped(0, 300) });
    let sent = 0;
    const select: Backend['select'] = (scope) =>
      attempt('a', scope, () => {
        for (;;) {
          scope.budget.series(1);
          sent++;
        }
      });
    const { index, clock } = indexAt(200);
    const endless = { ...whole, backend: { ...whole.backend, select } };
    await index.refresh(endless);
    clock.at += MINUTE;
    await index.refresh(endless);
    assert.equal(sent, 40_000);
    assert.match(index.standing(endless, 0).problem ?? '', /more than 40000 series/);
  });

  describe('that answers with nothing of use, again and again,', () => {
    /** When it is read within four hours of looks each 5 s, in s; each read takes so long and fails so. */
    async function readsOf(
      tookMs: number,
      kind: 'timeout' | 'bad_data' | 'unavailable',
    ): Promise<readonly number[]> {
      const whole = replicaOf('a', { 1: scraped(0, 300) });
      const { index, clock } = indexAt(200);
      const from = clock.at;
      const reads: number[] = [];
      const hostile: Endpoint = {
        ...whole,
        backend: {
          ...whole.backend,
          select: async () => {
            reads.push((clock.at - from) / 1000);
            clock.at += tookMs;
            return { ok: false, failure: { kind, endpoint: 'a', reason: 'no use' } };
          },
        },
      };
      while (clock.at < from + 4 * 60 * MINUTE) {
        await index.refresh(hostile);
        clock.at += 5000;
      }
      return reads;
    }

    it('is left alone for longer and longer, the longer the more its reads take', async () => {
      for (const kind of ['timeout', 'bad_data', 'unavailable'] as const) {
        const reads = await readsOf(5000, kind);
        const pauses = reads.slice(1).map((at, i) => at - reads[i]! - 5);
        assert.deepEqual(pauses.slice(0, 9), [20, 40, 80, 160, 320, 640, 1280, 2560, 3600], kind);
      }
    });

    it('costs next to nothing after some hours', async () => {
      for (const tookMs of [200, 2000, 20_000]) {
        const reads = await readsOf(tookMs, 'timeout');
        const late = reads.filter((at) => at >= 3 * 3600);
        assert.ok(
          (late.length * tookMs) / 3_600_000 < 0.01,
          `${late.length} reads of ${tookMs} ms in an hour`,
        );
      }
    });

    it('is asked again soon where it refuses at once', async () => {
      const reads = await readsOf(5, 'unavailable');
      assert.ok(reads.slice(1).every((at, i) => at - reads[i]! < 11));
    });
  });

  it('whose answer is cut, or damaged, is not known', async () => {
    const whole = replicaOf('a', { 1: scraped(0, 200) });
    const cut: Endpoint = {
      ...whole,
      backend: {
        ...whole.backend,
        select: async (...request) => {
          const answer = await whole.backend.select(...request);
          if (!answer.ok) return answer;
          const annotations = [{ kind: 'incomplete', message: 'a store is down' }] as const;
          return { ...answer, value: { ...answer.value, annotations } };
        },
      },
    };
    const { index } = indexAt(200);
    await index.refresh(cut);
    assert.equal(await lacks(index, [cut], 150, 200), undefined);
    assert.match(index.standing(cut, 0).problem ?? '', /lacks some of its targets/);
  });

  it('is forgotten when it is gone, and begins anew with other labels', async () => {
    const a = replicaOf('a', { 1: scraped(0, 300) });
    const { index } = indexAt(200);
    await index.refresh(a);
    index.keep([]);
    assert.deepEqual([index.bytes, index.standing(a, 0).until], [0, -Infinity]);
  });

  it('has the targets of one whose replicas write to it, each once', async () => {
    const written = replicaOf('w', { 1: scraped(0, 300, [150, 160]) });
    const other = replicaOf('v', { 1: scraped(0, 300, [170, 180]) });
    const both: Endpoint = {
      ...written,
      backend: {
        ...written.backend,
        select: async (scope, request) => {
          const [one, two] = await Promise.all(
            [written, other].map(({ backend }) => backend.select(scope, request)),
          );
          if (!one!.ok || !two!.ok) return one!;
          for (const { labels, data } of two!.value.series) one!.value.series.add(labels, data);
          return one!;
        },
      },
    };
    const b = replicaOf('b', { 1: scraped(0, 300) });
    const { index } = indexAt(250);
    await refreshAll(index, [both, b]);
    assert.deepEqual(await lacks(index, [both, b], 130, 240), [[], []]);
    assert.equal(index.figures().endpoints[0]!.targets, 1);
  });
});
