import { bestNames, type NameOrder } from '../../src/gateway/search/best-names.ts';
import { FUZZY_ALGORITHMS, nameFilter } from '../../src/gateway/search/name-filter.ts';
import { testPacer } from '../support/pace.ts';

const NAMES = 300_000;
const ROUNDS = 3;

/** A search for what most names are not like, and for what all of them are like a little; processor time, best of some rounds. */
export async function run(): Promise<void> {
  const names = Array.from(
    { length: NAMES },
    (_, i) => `prometheus_http_request_duration_seconds_${i}`,
  ).toSorted();
  const rows: Record<string, unknown> = {};
  for (const algorithm of FUZZY_ALGORITHMS)
    for (const term of ['req_dur_77', 'zreq'])
      for (const order of ['descending', 'score'] as const) {
        let best = Infinity;
        for (let round = 0; round < ROUNDS; round++)
          best = Math.min(best, await once(names, algorithm, term, order));
        rows[`${algorithm} ${term} ${order}`] = { ms: Math.round(best), 'µs a name': best / (NAMES / 1000) };
      }
  console.table(rows);
}

/** Processor time, ms. */
async function once(
  names: readonly string[],
  algorithm: (typeof FUZZY_ALGORITHMS)[number],
  term: string,
  order: NameOrder,
): Promise<number> {
  const filter = nameFilter({ terms: [term], algorithm, threshold: 0.8, caseSensitive: false });
  const before = process.cpuUsage();
  await bestNames(names, filter, order, 100, testPacer());
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
