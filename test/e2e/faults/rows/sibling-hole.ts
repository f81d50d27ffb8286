import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../../support/until.ts';
import { REFRESH_MS } from '../fleet/fleet.ts';
import { untilHealed, untilScrapedThrough } from '../fleet/heal.ts';
import { knownAnswers } from '../load/clients.ts';
import { loadQueries, LOOK_BACK_MS, type LoadQuery } from '../load/queries.ts';
import type { FaultRow } from './row.ts';
import { HELD_UP_MS, judgeAnswers, observe } from './under-load.ts';

const HOLED = '1b';
const FROZEN = '1a';
/** How long the sibling is away, ms. */
const AWAY_MS = 8000;
/** Scrapes are a second apart, and a busy machine is late. */
export const HOLE_SLACK_MS = 4000;

/** When a replica was away, ms since the epoch. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** From so long before a hole on it is queried, s. */
const BESIDE_S = 2;
/** Of so long before a hole queries see samples, ms: every replica must have them. */
export const SEEN_BEFORE_MS: number = (BESIDE_S + 1) * 1000 + LOOK_BACK_MS;

/** Queries of a hole and some seconds beside it. */
export function queriesOver({ from, to }: Hole): readonly LoadQuery[] {
  return loadQueries({
    from: Math.floor(from / 1000) - BESIDE_S,
    to: Math.ceil((to + HOLE_SLACK_MS + LOOK_BACK_MS) / 1000),
  });
}

/** One replica frozen while its sibling has a hole in the range: the hole is named with its times, and the rest is right. */
export const SIBLING_HOLE_ROW: FaultRow = {
  name: 'sibling-hole',
  run: async (fleet, scale) => {
    const holed = fleet.replica(HOLED);
    await untilScrapedThrough(fleet.replicas, SEEN_BEFORE_MS);
    const from = Date.now();
    await holed.kill();
    await sleep(AWAY_MS);
    await holed.restart();
    const to = await scrapedSince(holed.url, Date.now());
    await sleep(HOLE_SLACK_MS + LOOK_BACK_MS + REFRESH_MS);
    await untilHealed(fleet);
    const known = await knownAnswers(fleet.gateway.url, queriesOver({ from, to }));
    const frozen = fleet.replica(FROZEN);
    const observed = await observe(fleet, scale, {
      breakage: { begin: () => frozen.freeze(), end: () => frozen.thaw() },
      expectation: {
        kind: 'holed',
        shard: frozen.shard,
        from,
        to,
        slackMs: HOLE_SLACK_MS,
        lookBackMs: LOOK_BACK_MS,
      },
      known,
      longerMs: HELD_UP_MS,
    });
    const answers = judgeAnswers(observed, true);
    const isSaid = answers.figures.warned > 0;
    return {
      figures: answers.figures,
      bound: `the hole from ${new Date(from).toISOString()} to ${new Date(to).toISOString()} is named, the rest is right`,
      problems: [...answers.problems, ...(isSaid ? [] : ['no answer warned'])],
    };
  },
};

/** Waits for the first scrape of a server behind a time; both ms since the epoch. A server that has started takes some seconds. */
async function scrapedSince(url: string, time: number): Promise<number> {
  let scraped = 0;
  await until(`${url} scraped again`, 30_000, async () => {
    const answer = await fetch(`${url}/api/v1/query?query=min(timestamp(up))`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    scraped = Number(data.result[0]?.value[1] ?? 0) * 1000;
    return scraped > time;
  });
  return scraped;
}
