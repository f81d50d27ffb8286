import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BackendSelect } from '../../../src/backend/backend.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import { marginFor, withRoom } from '../../../src/dedup/margin.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import type { Selection } from '../../../src/select/selection.ts';
import {
  columnsOf,
  type columnsSeries,
  failingEndpoint,
  memoryEndpoint,
  scopeOf,
  selectionOf,
} from '../support.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { RawSeries } from '../../../src/model/raw-data.ts';
import { encodeColumns } from '../../../src/wire/chunk/encode.ts';
import { DAY, HOUR, MINUTE, request, scrapes, spied, times } from './spied.ts';

const SECOND = 1000;
const WINDOW = 2 * MINUTE;
const AT = 2 * DAY;

type Series = Parameters<typeof columnsSeries>;

function series(interval: number, labels: Record<string, string> = {}): Series {
  return [{ __name__: 'g', ...labels }, scrapes(interval, SECOND)];
}

/** Two replicas of a shard with the same series. */
function pair(shard: string, ...held: Series[]) {
  return [
    spied(`${shard}-a:1`, { shard, __replica__: 'a' }, ...held),
    spied(`${shard}-b:1`, { shard, __replica__: 'b' }, ...held),
  ] as const;
}

/** How far before a request was read, ms. */
function before({ minTime }: BackendSelect, wanted = AT): number {
  return wanted - minTime;
}

function assertMargin(asked: BackendSelect, interval: number): void {
  const most = marginFor(withRoom(interval));
  const read = before(asked);
  assert.ok(read <= most && read > most - WINDOW, `${read} ms were read of ${most}`);
}

async function ask(selection: Selection, from = AT, to = AT + HOUR): Promise<void> {
  await selection.source(scopeOf()).select(request(from, to), new AbortController().signal);
}

describe('the margin of a read', () => {
  it('is the usual one at first, then that of the interval that was seen', async () => {
    const [a, b] = pair('0', series(15 * SECOND));
    const selection = selectionOf(a.endpoint, b.endpoint);
    for (let i = 0; i < 3; i++) await ask(selection);
    assert.equal(a.asked.length, 3);
    assert.equal(before(a.asked[0]!), marginFor());
    assertMargin(a.asked[1]!, 15 * SECOND);
    assertMargin(a.asked[2]!, 15 * SECOND);
    assert.ok(marginFor() - before(a.asked[2]!) >= 7 * MINUTE);
  });

  it('is that of the slowest of the series', async () => {
    const [a, b] = pair('0', series(15 * SECOND), series(30 * SECOND, { i: '2' }));
    const selection = selectionOf(a.endpoint, b.endpoint);
    for (let i = 0; i < 2; i++) await ask(selection);
    assertMargin(a.asked[1]!, 30 * SECOND);
  });

  it('is not that of the few series that have holes', async () => {
    const chunked = (): RawSeries[] =>
      Array.from({ length: 21 }, (_, i) => {
        const away = i === 0 ? ([AT, AT + 10 * MINUTE] as const) : undefined;
        const samples = scrapes(15 * SECOND, SECOND, away).filter(
          ([t]) => t > AT - HOUR && t < AT + 2 * HOUR,
        );
        const data = { kind: 'chunks', chunks: encodeColumns(columnsOf(samples)) } as const;
        return { labels: labelsFromRecord({ __name__: 'g', i: `${i}` }), data };
      });
    const saw: number[] = [];
    const intervals = {
      intervalOf: () => undefined,
      saw: (_: unknown, __: unknown, ms: number) => void saw.push(ms),
    };
    const topology = fixedTopology(
      ['a', 'b'].map((name) => memoryEndpoint(`${name}:1`, { __replica__: name }, chunked())),
    );
    await ask(createSelection({ topology: () => topology, timers: SYSTEM_TIMERS, intervals }));
    assert.deepEqual(saw, [15 * SECOND, 15 * SECOND]);
  });

  it('is that of slow series at once, where there are no others', async () => {
    for (const interval of [5 * MINUTE, 10 * MINUTE, HOUR]) {
      const [a, b] = pair('0', series(interval));
      const selection = selectionOf(a.endpoint, b.endpoint);
      await ask(selection);
      const cold = a.asked.length;
      assert.ok(cold > 1, `${cold} reads`);
      for (let i = 0; i < 3; i++) await ask(selection, AT, AT + 5 * MINUTE * i);
      assert.equal(a.asked.length, cold + 3, `${interval} ms`);
      assert.ok(before(a.asked.at(-1)) >= marginFor(interval) - WINDOW);
    }
  });

  it('is that of the others where some series are slow, and these are read again alone', async () => {
    const [a, b] = pair('0', series(15 * SECOND), series(5 * MINUTE, { job: 'slow' }));
    const selection = selectionOf(a.endpoint, b.endpoint);
    await ask(selection);
    a.asked.length = 0;
    await ask(selection);
    assertMargin(a.asked[0]!, 15 * SECOND);
    assert.equal(a.asked.length, 2);
    assert.ok(a.asked[1]!.matchers.some(({ name, value }) => name === 'job' && value === 'slow'));
  });

  it('is that of the slowest shard, and a shard without such series has no say', async () => {
    const shards = [pair('0', series(15 * SECOND)), pair('1', series(30 * SECOND)), pair('2')];
    const selection = selectionOf(...shards.flat().map(({ endpoint }) => endpoint));
    for (let i = 0; i < 2; i++) await ask(selection);
    for (const [{ asked }] of shards) assertMargin(asked[1]!, 30 * SECOND);
  });

  it('is the usual one as long as a shard is unknown, not where one of its replicas is', async () => {
    const lost = failingEndpoint('1-b:1', { shard: '1', __replica__: 'b' });
    const [a, b] = pair('0', series(15 * SECOND));
    const [c] = pair('1', series(15 * SECOND));
    const selection = selectionOf(a.endpoint, b.endpoint, c.endpoint, lost);
    for (let i = 0; i < 2; i++) await ask(selection);
    assertMargin(a.asked[1]!, 15 * SECOND);

    const alone = selectionOf(
      a.endpoint,
      b.endpoint,
      lost,
      failingEndpoint('1-c:1', { shard: '1', __replica__: 'c' }),
    );
    for (let i = 0; i < 2; i++) await ask(alone);
    assert.equal(before(a.asked.at(-1)), marginFor());
  });

  it('turns out too small where series became slower, which are read again', async () => {
    const [a, b] = pair('0', series(15 * SECOND), series(MINUTE, { i: '2' }));
    const known = { intervalOf: () => 15 * SECOND, saw: () => undefined };
    const topology = fixedTopology([a.endpoint, b.endpoint]);
    await ask(createSelection({ topology: () => topology, timers: SYSTEM_TIMERS, intervals: known }));
    assertMargin(a.asked[0]!, 15 * SECOND);
    assert.equal(a.asked.length, 2);
    assert.equal(before(a.asked[1]!), marginFor());
    assert.deepEqual(
      a.asked[1]!.matchers.filter(({ name }) => name === 'i'),
      [{ kind: '=', name: 'i', value: '2' }],
    );
  });

  it('ends at the present, beyond which nobody has samples, but never before the end of the request', async () => {
    const now = AT + 3 * MINUTE;
    const [a, b] = pair('0', series(15 * SECOND));
    const topology = fixedTopology([a.endpoint, b.endpoint]);
    const clock = { now: () => now, monotonic: () => 0 };
    const selection = createSelection({ topology: () => topology, timers: SYSTEM_TIMERS, clock });
    for (const [end, read] of [
      [AT, now],
      [now, now],
      [now + HOUR, now + HOUR],
      [AT - HOUR, AT - HOUR + marginFor(withRoom(15 * SECOND))],
    ] as const) {
      await ask(selection, AT - 2 * HOUR, end);
      const { maxTime } = a.asked.at(-1);
      assert.ok(maxTime <= read && maxTime > read - WINDOW, `${maxTime} of ${read}`);
    }
  });

  it('is none where nothing is deduplicated', async () => {
    const [a] = pair('0', series(15 * SECOND));
    const selection = selectionOf(a.endpoint);
    for (let i = 0; i < 2; i++) await ask(selection);
    for (const asked of a.asked) assert.equal(before(asked), 0);
  });

  it('leaves the answers as they were', async () => {
    const [a, b] = pair('0', series(15 * SECOND));
    const selection = selectionOf(a.endpoint, b.endpoint);
    const wanted = request(AT, AT + HOUR);
    const cold = await times(selection, wanted);
    assert.deepEqual(await times(selection, wanted), cold);
  });
});
