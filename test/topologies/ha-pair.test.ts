import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { queryInstant } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { answerAll, longestGaps, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';
import { pause } from '../support/topology/pause.ts';

const GATEWAY = 'promweave';
const FIRST = 'prometheus-0.prometheus';
const SECOND = 'prometheus-1.prometheus';
/** Time of some scrapes, which are a second apart: longer than what a query of these looks back. */
const SCRAPES_MS = 3200;

/** What is the same whoever of the two runs. */
const WHOLE = [
  { ask: 'count(up{job="app"} == 1)', values: { '': '3' } },
  { ask: 'count(up{job="app"} == 1)', by: { partial_response: false }, values: { '': '3' } },
  { ask: 'count by (cluster) (node_time_seconds)', values: { production: '3' } },
  { ask: 'count(abs(deriv(node_time_seconds[3s]) - 1) < 0.2)', values: { '': '3' } },
];

/** Of all samples of both replicas, without deduplication. */
const BY_REPLICA = { dedup: false };

/** What has the holes of both. */
const LONG = 'up{job="app"}[20s]';

describe('ha-pair', () => {
  let topology: Topology;
  let url = '';
  /** A server that was started needs some seconds to its first scrape. */
  const bothScraped = async (): Promise<void> =>
    untilAnswered(url, {
      ask: `count by (__replica__) (timestamp(up{job="app"}) > ${Date.now() / 1000})`,
      by: BY_REPLICA,
      values: { 'prom-0': '3', 'prom-1': '3' },
    });
  before(async () => {
    topology = await Topology.start('ha-pair');
    url = topology.url(GATEWAY);
    await bothScraped();
    await pause(SCRAPES_MS);
  });
  after(async () => topology?.stop());

  test('two replicas are one: each series is there once, and twice without deduplication', async () => {
    await answerAll(url, [
      ...WHOLE,
      { ask: 'count by (__replica__) (up)', by: BY_REPLICA, values: { 'prom-0': '3', 'prom-1': '3' } },
    ]);
  });

  test('what the README says to try works', async () => tryLines('ha-pair', topology));

  test('one replica stops: nothing is missing, nothing is said, and who asks is told who stood in', async () => {
    await topology.end(SECOND);
    await answerAll(url, WHOLE);
    const { infos } = await queryInstant(url, 'count(up)', { show_replaced: true });
    assert.match(infos!.join(), /nothing is missing, its replica \S+ answered/);
  });

  test('it comes back and the other one hangs: each has a hole, and the answer none', async () => {
    await topology.start(SECOND);
    await bothScraped();
    await pause(SCRAPES_MS);
    topology.freeze(FIRST);
    await pause(SCRAPES_MS);
    // Whoever hangs is waited for no longer than its sibling takes to prove that it has all of this time.
    await answerAll(url, WHOLE);
    topology.thaw(FIRST);
    await bothScraped();

    for (const replica of [FIRST, SECOND])
      assert.ok(Math.max(...(await longestGaps(topology.url(replica), LONG)).values()) > 3, replica);
    const gaps = await longestGaps(url, LONG);
    assert.equal(gaps.size, 3);
    for (const [instance, gap] of gaps) assert.ok(gap < 2.5, `${instance} has a gap of ${gap} s`);
  });

  test('one is stopped: times that only it has are missing, and the answer says whose and which', async () => {
    await topology.end(FIRST);
    await answerAll(url, [
      { ask: 'count(up{job="app"})', values: { '': '3' } },
      {
        ask: `count(count_over_time(${LONG}))`,
        values: { '': '3' },
        warns: new RegExp(`${topology.address(FIRST)}.*was away itself from`),
      },
    ]);
  });

  test('both stop: the answer is refused, and does not look like an empty one', async () => {
    await topology.end(SECOND);
    const { httpStatus, error } = await queryInstant(url, 'count(up)');
    assert.equal(httpStatus, 503);
    assert.match(error!, /connection refused/);
  });
});
