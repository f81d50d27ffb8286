import { setTimeout as sleep } from 'node:timers/promises';
import { untilEndpointsUp } from '../../../support/serve-process.ts';
import { REFRESH_MS } from '../fleet/fleet.ts';
import { untilScrapedThrough } from '../fleet/heal.ts';
import { knownAnswers } from '../load/clients.ts';
import { LOOK_BACK_MS } from '../load/queries.ts';
import type { FaultRow } from './row.ts';
import { HOLE_SLACK_MS, queriesOver, SEEN_BEFORE_MS } from './sibling-hole.ts';

const RETURNS = '0b';
/** As many scrapes are missed as in five minutes where they are 15 s apart. */
const AWAY_MS = 20_000;
/** For the gateway to ask it, and for this process to see that. */
const SLACK_MS = 1000;

/** A replica comes back with its write-ahead log replayed: it is there again, and its hole is filled from the sibling. */
export const REPLICA_RETURNS_ROW: FaultRow = {
  name: 'replica-returns',
  run: async ({ gateway, replicas, replica }) => {
    await untilScrapedThrough(replicas, SEEN_BEFORE_MS);
    const from = Date.now();
    await replica(RETURNS).kill();
    await sleep(AWAY_MS);
    await replica(RETURNS).restart();
    const to = Date.now();
    await untilEndpointsUp(gateway.url, replicas.length);
    const upAfter = Date.now() - to;
    await sleep(HOLE_SLACK_MS + LOOK_BACK_MS + REFRESH_MS);
    // Throws where a step of the hole or of its seams is not what the targets said.
    const seams = await knownAnswers(gateway.url, queriesOver({ from, to })).then(
      () => [],
      (thrown: unknown) => [`over its hole: ${String(thrown)}`],
    );
    const most = REFRESH_MS + SLACK_MS;
    return {
      figures: undefined,
      bound: `used ≤ ${most} ms behind its return, it was after ${upAfter}; every step over its hole is right`,
      problems: [...seams, ...(upAfter <= most ? [] : [`it was used only after ${upAfter} ms`])],
    };
  },
};
