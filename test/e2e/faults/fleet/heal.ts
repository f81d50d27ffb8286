import { untilEndpointsUp } from '../../../support/serve-process.ts';
import { until } from '../../../support/until.ts';
import { REFRESH_MS, type Fleet } from './fleet.ts';
import type { Replica } from './replica.ts';
import { TARGETS_PER_SHARD } from './truth.ts';

/** Scrapes are a second apart, and a busy machine is late. From so many ms without one on, queries may see a hole. */
const MOST_SPACING_MS = 2500;

/** Waits until the gateway has every replica again, and has read what each scraped meanwhile. */
export async function untilHealed({ gateway, replicas }: Fleet): Promise<void> {
  await untilEndpointsUp(gateway.url, replicas.length);
  await new Promise((resolve) => setTimeout(resolve, REFRESH_MS + 500));
}

/**
 * Waits until every replica has scraped all of its targets for some time, ms, without a hole. A server that was started again needs some
 * seconds to its first scrape, so where both of a shard were, the shard has a hole that queries of that time rightly show.
 */
export async function untilScrapedThrough(replicas: readonly Replica[], ms: number): Promise<void> {
  await Promise.all(
    replicas.map((replica) =>
      until(`replica ${replica.name} scraped for ${ms} ms`, 60_000, async () => scrapedThrough(replica, ms)),
    ),
  );
}

async function scrapedThrough({ url }: Replica, ms: number): Promise<boolean> {
  const seconds = Math.ceil((ms + MOST_SPACING_MS) / 1000);
  const answer = await fetch(`${url}/api/v1/query?query=up[${seconds}s]`);
  const { data } = (await answer.json()) as { data?: { result: { values: [number, string][] }[] } };
  const targets = data?.result ?? [];
  const now = Date.now();
  return (
    targets.length === TARGETS_PER_SHARD &&
    targets.every(({ values }) => {
      const times = [now - ms - MOST_SPACING_MS, ...values.map(([time]) => time * 1000), now];
      return times.every((time, i) => i === 0 || time - times[i - 1]! <= MOST_SPACING_MS);
    })
  );
}
