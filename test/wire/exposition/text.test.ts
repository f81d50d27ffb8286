import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import type { EscapingScheme } from '../../../src/wire/exposition/escape-name.ts';
import type { NamedSample } from '../../../src/model/named-sample.ts';
import { CLASSIC_TEXT, OPEN_METRICS } from '../../../src/wire/exposition/text-dialect.ts';
import { encodeText } from '../../../src/wire/exposition/text.ts';
import { custom } from '../../support/histograms.ts';
import { sample } from './samples.ts';

function classic(samples: readonly NamedSample[], scheme: EscapingScheme = 'underscores'): readonly string[] {
  return [...encodeText(samples, CLASSIC_TEXT, scheme)].join('').split('\n');
}

describe('the text format', () => {
  it('has untyped families, labels in their order, and an instance of its own for each sample', () => {
    const samples = [
      sample('a', { instance: 'i', job: 'j' }, 1.5),
      sample('a', {}, 1234567),
      sample('b', { Zone: 'z' }, -0),
    ];
    assert.deepEqual(classic(samples), [
      '# TYPE a untyped',
      'a{instance="i",job="j"} 1.5 1795392561907',
      'a{instance=""} 1.234567e+06 1795392561907',
      '# TYPE b untyped',
      'b{Zone="z",instance=""} -0 1795392561907',
      '',
    ]);
  });

  it('escapes backslashes, quotes and line feeds of values', () => {
    const [, line] = classic([sample('a', { instance: '\\ " \n' }, NaN)]);
    assert.equal(line, String.raw`a{instance="\\ \" \n"} NaN 1795392561907`);
  });

  it('quotes names beyond the classic set where they are allowed, and escapes them elsewhere', () => {
    const odd = sample('my.metric', { 'a b': 'c' }, Infinity);
    assert.deepEqual(classic([odd], 'allow-utf-8'), [
      '# TYPE "my.metric" untyped',
      '{"my.metric","a b"="c",instance=""} +Inf 1795392561907',
      '',
    ]);
    assert.deepEqual(classic([odd], 'dots'), [
      '# TYPE my_dot_metric untyped',
      'my_dot_metric{a__b="c",instance=""} +Inf 1795392561907',
      '',
    ]);
  });

  it('makes classic histograms of those with custom buckets, in families of their own', () => {
    const h = custom([0.5, 1, 2], { 0: 1, 2: 3, 3: 4 }, { sum: 9.5 });
    assert.deepEqual(classic([sample('a', { instance: 'f' }, 1), sample('a', { instance: 'h' }, h)]), [
      '# TYPE a untyped',
      'a{instance="f"} 1 1795392561907',
      '# TYPE a histogram',
      'a_bucket{instance="h",le="0.5"} 1 1795392561907',
      'a_bucket{instance="h",le="1"} 1 1795392561907',
      'a_bucket{instance="h",le="2"} 4 1795392561907',
      'a_bucket{instance="h",le="+Inf"} 8 1795392561907',
      'a_sum{instance="h"} 9.5 1795392561907',
      'a_count{instance="h"} 8 1795392561907',
      '',
    ]);
  });

  it('comes in pieces', () => {
    const many = Array.from({ length: 1000 }, (_, i) => sample('a', { instance: String(i) }, i));
    const pieces = [...encodeText(many, CLASSIC_TEXT, 'underscores')];
    assert.ok(pieces.length > 3);
    assert.ok(pieces.every((piece) => piece.length < 9000));
  });
});

describe('OpenMetrics', () => {
  it('has unknown types, times in seconds, floats with a point, and an end', () => {
    const h = custom([1], { 0: 1 }, { sum: 2, resetHint: ResetHint.gauge });
    const samples = [sample('a', {}, 3), sample('b', {}, h)];
    assert.deepEqual([...encodeText(samples, OPEN_METRICS, 'underscores')].join('').split('\n'), [
      '# TYPE a unknown',
      'a{instance=""} 3.0 1795392561.907',
      '# TYPE b gaugehistogram',
      'b_bucket{instance="",le="1.0"} 1 1795392561.907',
      'b_bucket{instance="",le="+Inf"} 1 1795392561.907',
      'b_sum{instance=""} 2.0 1795392561.907',
      'b_count{instance=""} 1 1795392561.907',
      '# EOF',
      '',
    ]);
  });

  it('tells every millisecond so that readers that cut and readers that round find it', () => {
    let nearestIsCutBelow = 0;
    // Of March 2004: seconds and milliseconds lie on different sides of a power of two.
    for (let ms = 1_080_000_000_000; ms < 1_080_000_010_000; ms++) {
      const seconds = Number(OPEN_METRICS.time(ms));
      assert.equal(Math.trunc(seconds * 1000), ms);
      assert.equal(Math.round(seconds * 1000), ms);
      if (Math.trunc((ms / 1000) * 1000) < ms) nearestIsCutBelow++;
    }
    assert.ok(nearestIsCutBelow > 100, String(nearestIsCutBelow));
    assert.equal(OPEN_METRICS.time(-1500), '-1.5');
  });
});
