import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { queryInstant, queryRange } from '../support/api-client.ts';
import { tryLines } from '../support/topology/lines-to-try.ts';
import { pause } from '../support/topology/pause.ts';
import { answerAll, untilAnswered } from '../support/topology/questions.ts';
import { Topology } from '../support/topology/topology.ts';

const TARGETS = 8;
const COUNT = { ask: 'count(up{job="node-exporter"})', values: { '': String(TARGETS) } };
/** Which shard has which target, of those that were scraped within the last seconds. */
const PLACES = '(timestamp(up{job="node-exporter"}) > time() - 4) * 0 + 1';
/** Over a minute, scrapes that a busy machine holds up by some tenths of a second do not bend it. */
const SLOPE = 'deriv(node_time_seconds[1m])';

describe('hashmod-sharding', () => {
  let topology: Topology;
  let url = '';
  /** What the hash of its address says of each target: the shard that scrapes it. */
  const placesOf = (shards: number): Readonly<Record<string, string>> => {
    const names = topology.services.filter((name) => name.endsWith('.app'));
    const places = names.map((name) => {
      const hash = createHash('md5').update(topology.address(name)).digest().readBigUInt64BE(8);
      return `shard-${hash % BigInt(shards)} ${topology.address(name)} node-exporter`;
    });
    return Object.fromEntries(places.toSorted().map((place) => [withCluster(place), '1']));
  };

  before(async () => {
    topology = await Topology.start('hashmod-sharding');
    url = topology.url('promweave');
    await untilAnswered(url, COUNT);
  });
  after(async () => topology?.stop());

  test('each target is scraped by the shard that its hash says, and is there once', async () => {
    await answerAll(url, [
      COUNT,
      { ...COUNT, by: { partial_response: false } },
      { ask: 'up * 0 + 1', by: { dedup: false }, values: placesOf(3) },
      { ask: 'count(up)', by: { dedup: false }, values: { '': String(TARGETS) } },
    ]);
  });

  test('what the README says to try works', async () => tryLines('hashmod-sharding', topology));

  test('three shards become four while somebody asks: nothing is doubled, and what is missing is said', async (t) => {
    const answers: string[] = [];
    const stop = new AbortController();
    const asking = askAllTheTime(url, answers, stop.signal);
    const begin = Date.now() / 1000;

    await topology.start('prometheus-3.prometheus', { SHARDS: '4' });
    const list = readFileSync('deploy/topologies/hashmod-sharding/shards.yml', 'utf8');
    topology.write(
      'promweave',
      '/etc/promweave/shards.yml',
      `${list}    - http://prometheus-3.prometheus:9090\n`,
    );
    for (const index of [0, 1, 2]) {
      await topology.end(`prometheus-${index}.prometheus`);
      await topology.start(`prometheus-${index}.prometheus`, { SHARDS: '4' });
    }
    await untilAnswered(url, { ask: PLACES, by: { dedup: false }, values: placesOf(4) });
    await pause(1500);
    stop.abort();
    await asking;

    assert.ok(answers.length > 20, `asked ${answers.length} times`);
    const neither = answers.filter((answer) => answer !== 'whole' && answer !== 'warned');
    t.diagnostic(`${answers.length} answers, neither whole nor warned: ${neither.join(', ') || 'none'}`);
    assert.deepEqual(neither, []);
    const { data, warnings } = await queryRange(url, COUNT.ask, {
      start: begin,
      end: Date.now() / 1000,
      step: 0.5,
    });
    assert.equal(warnings, undefined);
    assert.deepEqual(new Set(data.result[0]!.values.map(([, value]) => value)), new Set([String(TARGETS)]));
  });

  test('series that moved are one line, and their clocks ran on over the move', async () => {
    await answerAll(url, [
      COUNT,
      { ask: `count(abs(${SLOPE} - 1) < 0.1)`, values: { '': String(TARGETS) } },
      { ask: 'count(count by (instance) (node_time_seconds))', values: { '': String(TARGETS) } },
      { ask: 'sum(resets(node_time_seconds[1m]))', values: { '': '0' } },
    ]);
  });

  test('a shard is lost: its targets are missing, and the answer says whose', async () => {
    const places = Object.keys(placesOf(4));
    const sizes = [0, 1, 2, 3].map(
      (index) => places.filter((place) => place.includes(`shard-${index}`)).length,
    );
    const lost = sizes.indexOf(Math.max(...sizes));
    await topology.end(`prometheus-${lost}.prometheus`, 'SIGKILL');
    // Who had a target before it moved still has what it scraped then.
    const ask = 'count(timestamp(up) > time() - 5)';
    const warns = new RegExp(topology.address(`prometheus-${lost}.prometheus`));
    await answerAll(url, [{ ask, values: { '': String(TARGETS - sizes[lost]!) }, warns }]);
    const { httpStatus } = await queryInstant(url, ask, { partial_response: false });
    assert.equal(httpStatus, 503);
  });
});

/** The values of the labels in the order of their names: __replica__, cluster, instance, job. */
function withCluster(place: string): string {
  const [replica, ...rest] = place.split(' ');
  return [replica, 'production', ...rest].join(' ');
}

async function askAllTheTime(url: string, answers: string[], stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const { status, error, data, warnings } = await queryInstant(url, COUNT.ask);
    const value = data?.result[0]?.value[1];
    if (status !== 'success') answers.push(`failed: ${error}`);
    else if (value === String(TARGETS)) answers.push('whole');
    else
      answers.push(warnings !== undefined && Number(value) < TARGETS ? 'warned' : `${value} of ${TARGETS}`);
    await pause(100);
  }
}
