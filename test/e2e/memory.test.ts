import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queryInstant, queryRange } from '../support/api-client.ts';
import { END, JOBS, METRIC, START, STEPS, jobOf, rateOf } from '../support/load/counter-pairs.ts';
import { startLoad, type LoadGateway } from '../support/load/load-servers.ts';
import { WIDE_END, WIDE_METRIC } from '../support/load/wide.ts';

const SERIES = 10_000;
const LIMIT_BYTES = 400e6;
const REPEATS = 6;

test('a sum of rates of 10,000 series at 360 steps over two replicas stays under 400 MB, also again and again', async (t) => {
  const load = await startLoad(SERIES);
  t.after(async () => load.stop());
  // When garbage is collected differs from run to run, by some tens of MB.
  let least = Infinity;
  for (let tries = 0; tries < 3 && least >= LIMIT_BYTES; tries++) {
    const gateway = await load.startGateway(load.urls);
    least = Math.min(least, await peakOf(gateway));
  }
  t.diagnostic(`the gateway took ${Math.round(least / 1e6)} MB`);
  assert.ok(least < LIMIT_BYTES, `the gateway took ${Math.round(least / 1e6)} MB`);
});

/** What a gateway takes at most while the sum is asked for again and again; bytes. */
async function peakOf(gateway: LoadGateway): Promise<number> {
  const ask = async (): ReturnType<typeof queryRange> =>
    queryRange(gateway.url, `sum by (job) (rate(${METRIC}[5m]))`, {
      start: START / 1000,
      end: END / 1000,
      step: 15,
    });
  const answer = await ask();
  assert.equal(answer.error, undefined);
  assert.equal(answer.warnings, undefined);
  assert.equal(answer.infos, undefined);
  assert.equal(answer.data.result.length, JOBS);
  for (const { metric, values } of answer.data.result) {
    assert.equal(values.length, STEPS);
    const expected = sumOfRates(metric['job']!);
    for (const [, value] of values)
      assert.ok(Math.abs(Number(value) / expected - 1) < 0.002, `${value} instead of about ${expected}`);
  }
  for (let i = 1; i < REPEATS; i++) assert.deepEqual((await ask()).data, answer.data);
  return gateway.peakBytes();
}

const WIDE_SERIES = 100_000;
/**
 * Of a received series, with its bytes on the wire and what is kept of its labels for the next answer, some 350, and room for machines that
 * collect garbage late.
 */
const MOST_PER_SERIES = 1000;

test('a count of 100,000 series over two replicas takes a few hundred bytes for each that is received', async (t) => {
  const load = await startLoad(WIDE_SERIES, 'wide');
  t.after(async () => load.stop());
  const answer = [{ metric: {}, value: [WIDE_END / 1000, String(WIDE_SERIES)] }];
  const perSeriesOf = async (): Promise<number> => {
    const gateway = await load.startGateway(load.urls);
    const resting = await gateway.peakBytes();
    for (let i = 0; i < 3; i++) {
      const { data } = await queryInstant(gateway.url, `count(${WIDE_METRIC})`, { time: WIDE_END / 1000 });
      assert.deepEqual(data.result, answer);
    }
    const perSeries = ((await gateway.peakBytes()) - resting) / (2 * WIDE_SERIES);
    t.diagnostic(`resting ${Math.round(resting / 1e6)} MB, ${Math.round(perSeries)} bytes a series`);
    return perSeries;
  };
  // When garbage is collected depends on what else the machine does; what is held does not.
  let least = Infinity;
  for (let tries = 0; tries < 3 && least >= MOST_PER_SERIES; tries++)
    least = Math.min(least, await perSeriesOf());
  assert.ok(least < MOST_PER_SERIES, `a series took ${least} bytes`);
});

function sumOfRates(job: string): number {
  let sum = 0;
  for (let series = 0; series < SERIES; series++) if (job === `job-${jobOf(series)}`) sum += rateOf(series);
  return sum;
}
