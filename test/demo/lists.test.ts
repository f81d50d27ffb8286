import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESCRIPTIONS } from '../../src/demo/descriptions.ts';
import { ReplicaScraper } from '../../src/demo/replica.ts';
import { scrapedTargets } from '../../src/demo/scraped-targets.ts';
import { statisticsOf } from '../../src/demo/statistics.ts';
import { targetsOf } from '../../src/demo/targets.ts';
import { labelValue } from '../../src/model/labels.ts';

const START = Date.UTC(2026, 10, 22, 12);

function scraper(shard: string, until = START): ReplicaScraper {
  const made = new ReplicaScraper({
    targets: targetsOf(shard),
    script: { awayFromMinute: 99, missEvery: 0, longOutage: undefined },
    startedAt: START,
    historyMs: 3_600_000,
    lag: 0,
  });
  if (until > 0) made.advance(until);
  return made;
}

test('one target of one shard cannot be scraped, and its up says so', () => {
  assert.deepEqual(
    new Set(scrapedTargets(scraper('eu').targets()).active.map(({ health }) => health)),
    new Set(['up']),
  );
  const us = scraper('us');
  const down = scrapedTargets(us.targets()).active.filter(({ health }) => health === 'down');
  assert.deepEqual(
    down.map(({ scrapePool, lastError }) => [scrapePool, lastError]),
    [['batch', 'Get "http://us-batch-0:9100/metrics": dial tcp: connect: connection refused']],
  );
  const series = [...us.series()].filter(({ labels }) => labelValue(labels, 'job') === 'batch');
  assert.deepEqual(
    series.map(({ labels, columns }) => [labelValue(labels, '__name__'), columns.v[columns.length - 1]]),
    [['up', 0]],
  );
});

test('a target that was not scraped yet is unknown', () => {
  const { active } = scrapedTargets(scraper('us', 0).targets());
  assert.deepEqual(new Set(active.map(({ health, lastError }) => health + lastError)), new Set(['unknown']));
});

test('statistics count the series that are there', () => {
  const series = [...scraper('eu').series()];
  const { headStatistics, seriesCountByMetricName, labelValueCountByLabelName } = statisticsOf(series);
  assert.deepEqual(
    [headStatistics.numSeries, headStatistics.chunkCount, headStatistics.maxTime <= START],
    [series.length, series.length * 2, true],
  );
  assert.deepEqual(seriesCountByMetricName[0], { name: 'http_request_duration_seconds_bucket', value: 90 });
  assert.deepEqual(
    labelValueCountByLabelName.find(({ name }) => name === 'instance'),
    { name: 'instance', value: 9 },
  );
  assert.deepEqual(statisticsOf([]).headStatistics.minTime, 0);
});

test('each metric of a target is described, and nothing else', () => {
  const names = new Set(
    [...scraper('eu').series()].map(({ labels }) =>
      labelValue(labels, '__name__').replace(/_(?:bucket|sum|count)$/, ''),
    ),
  );
  names.delete('up');
  assert.deepEqual(new Set(DESCRIPTIONS.map(({ metric }) => metric)), names);
});
