import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExportedSeries } from '../../../../src/gateway/raw/export.ts';
import { encodeJsonLines } from '../../../../src/http/routes/export/encode-json-lines.ts';
import { toChunks } from '../../../../src/http/chunks.ts';
import { exponential } from '../../../support/histograms.ts';
import { seriesOf } from './series.ts';

/** Pieces are copied before the next one is asked for. */
function linesOf(series: readonly ExportedSeries[]): readonly string[] {
  const text = Buffer.concat([...toChunks(encodeJsonLines(series))]).toString();
  return text.split('\n').slice(0, -1);
}

describe('an export in JSON', () => {
  it('has a line a series, with values and their times', () => {
    const series = [seriesOf({ __name__: 'm', a: '"ä"' }, [1, 0.1, -0, 1e21, 5e-324]), seriesOf({}, [7])];
    assert.deepEqual(linesOf(series), [
      String.raw`{"metric":{"__name__":"m","a":"\"ä\""},"values":[1,0.1,-0,1e+21,5e-324],"timestamps":[1000,2000,3000,4000,5000]}`,
      '{"metric":{},"values":[7],"timestamps":[1000]}',
    ]);
  });

  it('writes what is no number in JSON as VictoriaMetrics does', () => {
    const [line] = linesOf([seriesOf({}, [NaN, Infinity, -Infinity, 2])]);
    assert.equal(
      line,
      '{"metric":{},"values":[null,"Infinity","-Infinity",2],"timestamps":[1000,2000,3000,4000]}',
    );
  });

  it('has native histograms apart', () => {
    const h = exponential({ sum: 4.5, positive: { 0: 2 } });
    const [line] = linesOf([seriesOf({}, [1, h, 3, h])]);
    const histogram = '{"count":"2","sum":"4.5","buckets":[[0,"0.5","1","2"]]}';
    assert.equal(
      line,
      `{"metric":{},"values":[1,3],"timestamps":[1000,3000],"histograms":[${histogram},${histogram}],"histogramTimestamps":[2000,4000]}`,
    );
  });

  it('goes on over many pieces, also where some of them have odd values', () => {
    const values = Array.from({ length: 2000 }, (_, i) => (i === 700 || i === 0 ? Infinity : i / 3));
    const [line] = linesOf([seriesOf({}, values)]);
    const read = JSON.parse(line!) as {
      readonly values: readonly unknown[];
      readonly timestamps: readonly number[];
    };
    assert.deepEqual(
      read.values,
      values.map((value) => (value === Infinity ? 'Infinity' : value)),
    );
    assert.deepEqual(
      read.timestamps,
      values.map((_, i) => 1000 * (i + 1)),
    );
  });
});
