import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ProvenSeries } from '../../../src/cluster/coverage/proven-series.ts';
import { NO_TARGET, TargetTable } from '../../../src/cluster/coverage/target-table.ts';
import { wantedTargets } from '../../../src/cluster/coverage/wanted-targets.ts';
import { labelsFromRecord, labelsToRecord } from '../../../src/model/labels.ts';
import type { Matcher } from '../../../src/model/matcher.ts';
import { SeriesBatch } from '../../../src/wire/batch/series-batch.ts';
import { columnsSeries } from '../../select/support.ts';

type Record = Readonly<{ [name: string]: string }>;

/** The numbers of the targets of an answer. */
function numbers(table: TargetTable, external: Record, ...series: readonly Record[]): readonly number[] {
  const batch = new SeriesBatch();
  for (const labels of series) {
    const { labels: all, data } = columnsSeries({ __name__: 'up', ...labels }, [[1, 1]]);
    batch.add(all, data);
  }
  const numberOf = table.numberer(batch, labelsFromRecord(external));
  return series.map((_, i) => numberOf(i));
}

function tableOf(...targets: readonly Record[]): TargetTable {
  const table = new TargetTable(new Set(['__replica__']));
  numbers(table, {}, ...targets);
  return table;
}

describe('targets', () => {
  it('are the same for replicas, whatever their replica labels', () => {
    const table = tableOf();
    const target = { instance: '1', job: 'api' };
    const a = numbers(
      table,
      { cluster: 'eu', __replica__: 'a' },
      { ...target, cluster: 'eu', __replica__: 'a' },
    );
    const b = numbers(
      table,
      { cluster: 'eu', __replica__: 'b' },
      { ...target, cluster: 'eu', __replica__: 'b' },
    );
    assert.deepEqual([a, b], [[0], [0]]);
    assert.deepEqual(labelsToRecord(table.labels(0)), target);
  });

  it('differ by a label of their own that has the name of an external one', () => {
    const external = { cluster: 'eu' };
    const own = { instance: '1', job: 'api', cluster: 'us' };
    assert.deepEqual(numbers(tableOf(), external, own, { ...own, cluster: 'eu' }, own), [0, 1, 0]);
  });

  it('are those of `up` alone', () => {
    const table = tableOf();
    const batch = new SeriesBatch();
    for (const name of ['up', 'm', 'up']) {
      const { labels, data } = columnsSeries({ __name__: name, job: 'api', instance: name }, [[1, 1]]);
      batch.add(labels, data);
    }
    const numberOf = table.numberer(batch, labelsFromRecord({}));
    assert.deepEqual([0, 1, 2].map(numberOf), [0, NO_TARGET, 0]);
    assert.equal(table.size, 1);
  });

  it('are many, each with its number', () => {
    const table = tableOf();
    const series = Array.from({ length: 5000 }, (_, i) => ({ instance: `${i}`, job: 'api' }));
    assert.deepEqual(numbers(table, {}, ...series), [...series.keys()]);
    assert.deepEqual(numbers(table, {}, ...series.toReversed()), [...series.keys()].reverse());
  });
});

describe('what matchers can match', () => {
  const table = tableOf(
    { job: 'api', instance: '1', team: 'x' },
    { job: 'api', instance: '2' },
    { job: 'db', instance: '1' },
  );
  const wanted = (...matchers: readonly Matcher[]): readonly number[] =>
    [0, 1, 2].filter(wantedTargets(table, matchers));

  it('is told by the labels of targets', () => {
    assert.deepEqual(wanted({ kind: '=', name: 'job', value: 'api' }), [0, 1]);
    assert.deepEqual(
      wanted({ kind: '=~', name: 'job', value: 'a.*' }, { kind: '!=', name: 'instance', value: '1' }),
      [1],
    );
  });

  it('is not told by the name of the metric, nor by labels that series alone have', () => {
    assert.deepEqual(wanted({ kind: '=', name: '__name__', value: 'm' }), [0, 1, 2]);
    assert.deepEqual(wanted({ kind: '=', name: 'path', value: '/' }), [0, 1, 2]);
    assert.deepEqual(wanted({ kind: '=', name: 'team', value: 'y' }), [1, 2]);
  });
});

describe('a series', () => {
  const table = tableOf(
    { job: 'api', instance: '1' },
    { job: 'api', instance: '1', port: 'admin' },
    { job: 'gateway', instance: 'push:9091' },
    { job: 'bare' },
  );
  const proven = new ProvenSeries(table);
  const targetsOf = (labels: Record): readonly number[] => proven.targetsOf(labelsFromRecord(labels));

  it('belongs to a target whose labels it has', () => {
    assert.deepEqual(targetsOf({ __name__: 'm', job: 'api', instance: '1', path: '/' }), [0]);
  });

  it('may belong to several, of which all must be whole then', () => {
    assert.deepEqual(targetsOf({ __name__: 'm', job: 'api', instance: '1', port: 'admin' }), [0, 1]);
  });

  it('is not proven where it was pushed, or kept the labels that it was sent with', () => {
    assert.deepEqual(targetsOf({ __name__: 'm', job: 'batch', instance: 'push:9091' }), []);
    assert.deepEqual(targetsOf({ __name__: 'm', job: 'api', instance: '2' }), []);
  });

  it('is not proven where it is the result of a rule', () => {
    assert.deepEqual(targetsOf({ __name__: 'job:m:rate', job: 'api', instance: '1' }), []);
    assert.deepEqual(targetsOf({ __name__: 'm_sum', job: 'api' }), []);
  });

  it('is not proven without job and instance, though there is such a target', () => {
    assert.deepEqual(targetsOf({ __name__: 'm', job: 'bare' }), []);
  });
});
