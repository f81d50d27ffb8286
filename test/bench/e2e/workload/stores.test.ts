import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counter, scramble } from './signals.ts';
import { SIZES } from './sizes.ts';
import { END, INTERVAL, pairsFleet, wideFleet, type Store } from './stores.ts';

function countSeries(store: Store): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { labels } of store.series()) {
    const name = labels['__name__']!;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

test('the full size has the series that its figures speak of, all of them different', () => {
  const { direct } = pairsFleet(SIZES.full, 'none');
  assert.deepEqual(countSeries(direct), {
    up: 120,
    scrape_samples_post_metric_relabeling: 120,
    scrape_series_added: 120,
    http_requests_total: 4800,
    node_memory_usage_bytes: 1200,
    node_network_receive_bytes_total: 240,
    http_request_duration_seconds_bucket: 1440,
    http_latency_seconds: 80,
    go_goroutines: 40,
  });
  const keys = new Set([...direct.series()].map(({ labels }) => JSON.stringify(labels)));
  assert.equal(keys.size, 8160);
  assert.equal(countSeries(wideFleet(SIZES.full, 'none').direct)['wide'], 100_000);
});

test('the shards share the series out, and both replicas of one have the same', () => {
  const { backends, direct } = pairsFleet(SIZES.small, 'none');
  const all = backends.map((store) => [...store.series()].map(({ labels }) => JSON.stringify(labels)));
  assert.equal(new Set(all.flat()).size, [...direct.series()].length);
  assert.deepEqual(all[0], all[1]);
  assert.equal(all.flat().length, 2 * [...direct.series()].length);
});

test('each replica is away in turn, never both, and none where instant queries look', () => {
  for (const shard of [0, 1, 2, 3]) {
    const [a, b] = pairsFleet(SIZES.full, 'turns').backends.slice(2 * shard);
    for (const store of [a!, b!]) {
      const times = [...store.scrapes(shard)];
      const outages = times.slice(1).filter((time, i) => time - times[i]! > 4 * INTERVAL);
      assert.equal(outages.length, 6);
      assert.ok(times.some((time) => time > END - INTERVAL && time <= END));
    }
    const both = [...a!.scrapes(shard), ...b!.scrapes(shard)].toSorted((x, y) => x - y);
    const longest = both.slice(1).reduce((most, time, i) => Math.max(most, time - both[i]!), 0);
    assert.ok(longest < 2 * INTERVAL, `nobody scraped for ${longest} ms`);
  }
});

test('the first replica of each shard is away once, for a tenth of the time', () => {
  for (const shard of [0, 1, 2, 3]) {
    const [a, b] = pairsFleet(SIZES.full, 'once').backends.slice(2 * shard);
    const gapsOf = (store: Store): readonly number[] => {
      const times = [...store.scrapes(shard)];
      return times.slice(1).flatMap((time, i) => (time - times[i]! > 2 * INTERVAL ? [time - times[i]!] : []));
    };
    const gaps = gapsOf(a!);
    assert.equal(gaps.length, 1);
    assert.ok(Math.abs(gaps[0]! - SIZES.full.span / 10) <= 2 * INTERVAL, `${gaps[0]} ms`);
    assert.deepEqual(gapsOf(b!), []);
  }
});

test('the direct server has what replica a has', () => {
  const { backends, direct } = wideFleet(SIZES.small, 'none');
  assert.deepEqual([...direct.scrapes(3)], [...backends[0]!.scrapes(3)]);
});

test('counters never fall, however close two scrapes are', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const signal = counter(seed, 1 + (scramble(seed) % 40));
    let last = signal(END);
    for (let time = END; time < END + 300_000; time += 100) {
      const value = signal(time);
      assert.ok(value >= last, `seed ${seed} falls from ${last} to ${value}`);
      last = value;
    }
  }
});
