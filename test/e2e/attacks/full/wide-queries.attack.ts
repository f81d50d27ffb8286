import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WIDE_END, WIDE_METRIC } from '../../../support/load/wide.ts';
import type { Clients, Told } from './clients-process.ts';
import {
  ATTACKER,
  CEILING,
  printSeen,
  printTally,
  recovered,
  startHelper,
  startProgram,
  totalOf,
  watch,
} from './support.ts';

const QUERIES = 500;
const SERIES = 100_000;
/** What the process may keep of its heap afterwards, bytes. */
const KEPT = 200e6;

test(`${QUERIES} queries of 2 × ${SERIES} series at once`, async (t) => {
  const replicas = await startHelper(t, './replicas-process.ts', { long: 1, wide: SERIES });
  const urls = replicas.url.split(' ');
  const program = await startProgram(
    t,
    urls.map((url) => `--endpoint=${url}`),
  );
  const count = (metric: string, right: number): Clients['questions'][number] => ({
    path: `/api/v1/query?query=count(${metric})&time=${WIDE_END / 1000}`,
    right: `"${right}"`,
  });
  const clients: Clients = {
    url: program.url,
    address: ATTACKER,
    questions: [count(WIDE_METRIC, SERIES)],
    atOnce: QUERIES,
    times: 1,
    patience: 150_000,
    healthy: urls,
  };
  const wide = await startHelper(t, './clients-process.ts', clients);
  const one = { ...clients, questions: [count('m', 2)], atOnce: 1 };
  const ordinary = await startHelper(t, './clients-process.ts', one);
  const seen = await watch(t, program, async () => (await wide.ask('go')) as Told);
  const after = await recovered(program, seen.rest, KEPT);
  printSeen(t, seen, after);
  const { tally, median, longest } = seen.value;
  printTally(t, `wide queries: median ${Math.round(median)} ms, longest ${Math.round(longest)} ms`, tally);
  const { tally: afterwards } = (await ordinary.ask('go')) as Told;
  printTally(t, 'afterwards', afterwards);
  assert.ok(seen.most.rss < CEILING, 'the memory stays below the ceiling');
  assert.equal(seen.health.failed, 0);
  assert.equal(totalOf(tally, /WRONG|SILENT|BLAMES|BROKEN|vain/), 0);
  assert.ok(totalOf(tally, /^200 right/) > 0);
  assert.deepEqual(afterwards, { '200 right': 1 });
  assert.equal(after.held, 0);
});
