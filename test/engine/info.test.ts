import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from '../support/evaluate-text.ts';
import { exponential } from '../support/histograms.ts';
import { everyInterval, PointSource } from '../support/point-source.ts';

const MINUTE = 60_000;
/** Six minutes, with a version that changes after three. */
const SOURCE = new PointSource({
  'up{instance="a",job="j"}': everyInterval(MINUTE, [1, 2, 3, 4, 5, 6, 7]),
  'target_info{instance="a",job="j",version="1"}': everyInterval(MINUTE, [1, 1, 1]),
  'target_info{instance="a",job="j",version="2"}': everyInterval(MINUTE, [
    undefined,
    undefined,
    undefined,
    1,
    1,
    1,
    1,
  ]),
});
const EVERY_2_MINUTES = { start: 0, end: 6 * MINUTE, step: 2 * MINUTE };

test('info series are looked up at each step', async () => {
  assert.deepEqual(await linesOf('info(up)', SOURCE, EVERY_2_MINUTES), [
    'up{instance="a", job="j", version="1"} 1@0 3@120000',
    'up{instance="a", job="j", version="2"} 5@240000 7@360000',
  ]);
});

test('the samples of info series are those of the shifted range, seen from the steps themselves', async () => {
  assert.deepEqual(await linesOf('info(up offset 4m)', SOURCE, EVERY_2_MINUTES), [
    'up{instance="a", job="j", version="1"} 1@240000 3@360000',
  ]);
});

test('with @ and a second argument the info series are looked up at each step all the same', async () => {
  assert.deepEqual(await linesOf('info(up @ 360, {version=~".+"})', SOURCE, EVERY_2_MINUTES), [
    'up{instance="a", job="j", version="1"} 7@120000',
    'up{instance="a", job="j", version="2"} 7@240000 7@360000',
  ]);
});

test('info series follow the shift of a subquery, not that of the selector inside', async () => {
  const [line] = await linesOf('info(max_over_time((up @ 120)[3m:1m]))', SOURCE, { start: 6 * MINUTE });
  assert.equal(line, '{instance="a", job="j", version="2"} 3@360000');
});

test('in a subquery info series are fetched up to the last step around it, not up to the end that was asked for', async () => {
  const times = { start: 0, end: 7 * MINUTE, step: 6 * MINUTE };
  const [line] = await linesOf('max_over_time(info(up offset 4m)[1m:1m])', SOURCE, times);
  assert.equal(line, '{instance="a", job="j", version="1"} 3@360000');
});

test('only a histogram that a step finds is no info metric', async () => {
  const source = new PointSource({
    'up{instance="a",job="j"}': everyInterval(MINUTE, [1, 2, 3, 4, 5, 6, 7]),
    'target_info{instance="a",job="j",os="x"}': everyInterval(MINUTE, [1, exponential({}), 1, 1, 1, 1, 1]),
  });
  assert.deepEqual(await linesOf('info(up)', source, EVERY_2_MINUTES), [
    'up{instance="a", job="j", os="x"} 1@0 3@120000 5@240000 7@360000',
  ]);
  await assert.rejects(linesOf('info(up)', source, { start: MINUTE }), {
    kind: 'execution',
    message:
      'this should be an info metric, with float samples: {__name__="target_info", instance="a", job="j", os="x"}',
  });
});
