import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMemoryBackend } from '../../../src/backend/memory/backend.ts';
import { EMPTY_LABELS } from '../../../src/model/labels.ts';
import { failed, success } from '../../../src/model/result.ts';
import { NEVER, type columnsSeries, endpointOf, readAll, scopeOf, selectionOf } from '../support.ts';
import { DAY, HOUR, MINUTE, request, scrapes, spied, times } from './spied.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';

describe('series that are scraped seldom', () => {
  for (const [interval, phase] of [
    [4 * MINUTE, 40_000],
    [5 * MINUTE, 90_000],
    [5 * MINUTE, 150_000],
    [10 * MINUTE, 180_000],
    [HOUR, 20 * MINUTE],
  ] as const)
    it(`are not doubled: every ${interval / MINUTE} min, ${phase / 1000} s apart`, async () => {
      const selection = selectionOf(
        spied('a:1', { __replica__: 'a' }, [{ __name__: 'g' }, scrapes(interval, 1000)]).endpoint,
        spied('b:1', { __replica__: 'b' }, [{ __name__: 'g' }, scrapes(interval, 1000 + phase)]).endpoint,
      );
      for (const start of [2 * DAY, 2 * DAY + 7 * MINUTE, 2 * DAY + 33 * MINUTE]) {
        const found = await times(selection, request(start + 1, start + 10 * interval));
        assert.equal(found.length, 10, `${found.length} samples from ${start} on`);
      }
    });

  it('are the same whatever the range is', async () => {
    const [from, to] = [2 * DAY, 2 * DAY + 8 * HOUR];
    const selection = selectionOf(
      spied('a:1', { __replica__: 'a' }, [
        { __name__: 'g' },
        scrapes(5 * MINUTE, 1000, [2 * DAY + HOUR, 2 * DAY + 2 * HOUR]),
      ]).endpoint,
      spied('b:1', { __replica__: 'b' }, [
        { __name__: 'g' },
        scrapes(5 * MINUTE, 91_000, [2 * DAY + 4 * HOUR, 2 * DAY + 5 * HOUR]),
      ]).endpoint,
    );
    const whole = await times(selection, request(from, to));
    for (let start = from; start < to - HOUR; start += 11 * MINUTE) {
      const part = await times(selection, request(start, start + HOUR));
      assert.deepEqual(
        part,
        whole.filter((t) => t >= start && t <= start + HOUR),
      );
    }
  });

  it('are read again alone, with the margin that they need', async () => {
    const series: Parameters<typeof columnsSeries>[] = [
      [{ __name__: 'g', job: 'slow', i: '(1)' }, scrapes(5 * MINUTE, 1000)],
      [{ __name__: 'g', job: 'fast', i: '2' }, scrapes(MINUTE, 1000)],
    ];
    const [a, b] = [
      spied('a:1', { __replica__: 'a' }, ...series),
      spied('b:1', { __replica__: 'b' }, ...series),
    ];
    const wanted = request(2 * DAY, 2 * DAY + HOUR);
    const set = await selectionOf(a.endpoint, b.endpoint).source(scopeOf()).select(wanted, NEVER);
    assert.equal(readAll(set).length, 2);
    assert.equal(a.asked.length, 2);
    const [first, second] = a.asked;
    assert.deepEqual(first!.matchers, wanted.matchers);
    assert.deepEqual(
      second!.matchers.filter(({ name }) => name !== '__name__'),
      [
        { kind: '=', name: 'i', value: '(1)' },
        { kind: '=', name: 'job', value: 'slow' },
      ],
    );
    assert.ok(second!.minTime < first!.minTime && second!.maxTime > first!.maxTime);
  });

  it('are found where one replica alone has a sample in the range', async () => {
    const a = spied('a:1', { __replica__: 'a' }, [{ __name__: 'g' }, scrapes(HOUR, 1000)]);
    const b = spied('b:1', { __replica__: 'b' }, [{ __name__: 'g' }, scrapes(HOUR, 1000 + 25 * MINUTE)]);
    const selection = selectionOf(a.endpoint, b.endpoint);
    const whole = await times(selection, request(2 * DAY, 2 * DAY + 12 * HOUR));
    assert.equal(whole.length, 12);
    for (const t of [0, 20, 40, 60, 80].map((minutes) => 2 * DAY + minutes * MINUTE)) {
      const part = await times(selection, request(t, t + 5 * MINUTE));
      assert.deepEqual(
        part,
        whole.filter((each) => each >= t && each <= t + 5 * MINUTE),
      );
    }
  });

  it('are not looked for among many series of a single sample, as new targets have', async () => {
    const news = Array.from(
      { length: 101 },
      (_, i) => [{ __name__: 'g', pod: String(i) }, [[2 * DAY, 1]]] as Parameters<typeof columnsSeries>,
    );
    const [a, b] = [spied('a:1', { __replica__: 'a' }, ...news), spied('b:1', { __replica__: 'b' }, ...news)];
    const wanted = request(2 * DAY - 5 * MINUTE, 2 * DAY);
    await selectionOf(a.endpoint, b.endpoint).source(scopeOf()).select(wanted, NEVER);
    assert.equal(a.asked.length, 1);
    const some = news.slice(0, 3);
    const [c, d] = [spied('c:1', { __replica__: 'c' }, ...some), spied('d:1', { __replica__: 'd' }, ...some)];
    await selectionOf(c.endpoint, d.endpoint).source(scopeOf()).select(wanted, NEVER);
    assert.equal(c.asked.length, 2);
    assert.ok(c.asked[0]!.minTime - c.asked[1]!.minTime < 17 * HOUR);
  });

  it('are answered as they were read first where they cannot be read again', async () => {
    const series = [{ __name__: 'g' }, scrapes(5 * MINUTE, 1000)] as Parameters<typeof columnsSeries>;
    const [a, b] = [spied('a:1', { __replica__: 'a' }, series), spied('b:1', { __replica__: 'b' }, series)];
    for (const { endpoint, asked } of [a, b]) {
      const select = endpoint.backend.select.bind(endpoint.backend);
      endpoint.backend.select = (scope, wanted) =>
        asked.length === 0
          ? select(scope, wanted)
          : Promise.resolve(failed({ kind: 'unavailable', endpoint: 'x', reason: 'gone' }));
    }
    const set = await selectionOf(a.endpoint, b.endpoint)
      .source(scopeOf({ partialResponse: false }))
      .select(request(2 * DAY, 2 * DAY + HOUR), NEVER);
    assert.deepEqual(set.annotations, []);
    assert.ok(readAll(set)[0]![1].length >= 12);
  });

  it('keep the replicas of which the wider read tells nothing', async () => {
    const [a, b] = [
      spied('a:1', { __replica__: 'a' }, [{ __name__: 'g' }, scrapes(10 * MINUTE, 1000)]),
      spied('b:1', { __replica__: 'b' }, [{ __name__: 'g' }, scrapes(10 * MINUTE, 61_000).slice(0, 280)]),
    ];
    const select = a.endpoint.backend.select.bind(a.endpoint.backend);
    a.endpoint.backend.select = (scope, wanted) =>
      a.asked.length === 0
        ? select(scope, wanted)
        : Promise.resolve(success({ series: new SeriesBatch(), annotations: [], bytes: 0 }));
    const selection = selectionOf(a.endpoint, b.endpoint);
    assert.equal((await times(selection, request(2 * DAY - 10 * MINUTE, 2 * DAY + HOUR))).length, 7);
  });

  it('cost nothing where there are none', async () => {
    const fast = [{ __name__: 'g' }, scrapes(MINUTE, 1000)] as Parameters<typeof columnsSeries>;
    const [a, b] = [spied('a:1', { __replica__: 'a' }, fast), spied('b:1', { __replica__: 'b' }, fast)];
    const selection = selectionOf(a.endpoint, b.endpoint);
    assert.equal((await times(selection, request(2 * DAY, 2 * DAY + HOUR))).length, 60);
    assert.equal(a.asked.length, 1);
  });
});

describe('one endpoint that holds both replicas', () => {
  const receiver = () =>
    spied(
      'r:1',
      {},
      [
        { __name__: 'g', __replica__: 'a' },
        scrapes(MINUTE, 1000, [2 * DAY + HOUR, 2 * DAY + HOUR + 20 * MINUTE]),
      ],
      [{ __name__: 'g', __replica__: 'b' }, scrapes(MINUTE, 31_000, [2 * DAY, 2 * DAY + 30 * MINUTE])],
    );

  it('has choices that depend on no range', async () => {
    const selection = selectionOf(receiver().endpoint);
    const [from, to] = [2 * DAY - HOUR, 2 * DAY + 3 * HOUR];
    const whole = await times(selection, request(from, to));
    for (let start = from; start < to - 10 * MINUTE; start += 7 * MINUTE) {
      const part = await times(selection, request(start, start + 10 * MINUTE));
      assert.deepEqual(
        part,
        whole.filter((t) => t >= start && t <= start + 10 * MINUTE),
      );
    }
  });

  it('is read with a margin at once after it was seen', async () => {
    const { endpoint, asked } = receiver();
    const selection = selectionOf(endpoint);
    const wanted = request(2 * DAY, 2 * DAY + HOUR);
    await times(selection, wanted);
    assert.equal(asked.length, 2);
    assert.equal(asked[0]!.minTime, wanted.minTime);
    await times(selection, wanted);
    assert.equal(asked.length, 3);
    assert.equal(asked[2]!.minTime, asked[1]!.minTime);
  });

  it('is read without one under other replica labels', async () => {
    const { endpoint, asked } = receiver();
    const selection = selectionOf(endpoint);
    const wanted = request(2 * DAY, 2 * DAY + HOUR);
    await times(selection, wanted);
    const other = scopeOf({ replicaLabels: ['pod'] });
    await selection.source(other).select(wanted, NEVER);
    assert.equal(asked.at(-1)?.minTime, wanted.minTime);
  });

  it('shows each replica as it came where they are not merged', async () => {
    const { endpoint, asked } = receiver();
    const set = await selectionOf(endpoint)
      .source(scopeOf({ dedup: false }))
      .select(request(2 * DAY, 2 * DAY + HOUR), NEVER);
    assert.equal(set.series.length, 2);
    assert.equal(asked.length, 1);
  });
});

it('labels without a series leave nothing to read again', async () => {
  const set = await selectionOf(
    spied('a:1', {}).endpoint,
    endpointOf(
      createMemoryBackend({ address: 'b:1', externalLabels: EMPTY_LABELS, series: [] }),
      EMPTY_LABELS,
    ),
  )
    .source(scopeOf())
    .select(request(0, 1), NEVER);
  assert.equal(set.series.length, 0);
});
