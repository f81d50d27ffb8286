import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCsv } from '../../../../src/http/routes/export/encode-csv.ts';
import { SampleBuffer } from '../../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../../src/model/stale.ts';
import { labelsFromRecord } from '../../../../src/model/labels.ts';
import { exponential } from '../../../support/histograms.ts';
import { seriesOf } from './series.ts';

test('an export in CSV has a row a sample', () => {
  const ended = new SampleBuffer();
  ended.push(5, NaN);
  ended.push(6, STALE_NAN);
  const series = [
    seriesOf({ __name__: 'm' }, [0.1, Infinity]),
    seriesOf({ __name__: 'm', a: 'x' }, [exponential({ sum: 4.5, positive: { 0: 2 } })]),
    { labels: labelsFromRecord({ __name__: 'm' }), columns: ended },
  ];
  assert.deepEqual([...encodeCsv(series)].join('').split('\r\n'), [
    'series,timestamp,value',
    'm,1000,0.1',
    'm,2000,+Inf',
    '"m{a=""x""}",1000,"{count:2, sum:4.5, (0.5,1]:2}"',
    'm,5,NaN',
    'm,6,stale',
    '',
  ]);
});

test('it comes in pieces', () => {
  const pieces = [
    ...encodeCsv([
      seriesOf(
        { __name__: 'm' },
        Array.from({ length: 5000 }, (_, i) => i),
      ),
    ]),
  ];
  assert.ok(pieces.length > 5);
  assert.ok(pieces.every((piece) => piece.length < 9000));
});
