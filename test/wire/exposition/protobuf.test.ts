import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import type { NamedSample } from '../../../src/model/named-sample.ts';
import { encodeProtobuf } from '../../../src/wire/exposition/protobuf.ts';
import { custom, exponential } from '../../support/histograms.ts';
import { expositionProto } from '../../support/proto.ts';
import { AT, sample } from './samples.ts';

const MetricFamily = expositionProto().lookupType('io.prometheus.client.MetricFamily');

interface Family {
  readonly name: string;
  readonly type: string;
  readonly metric: readonly Readonly<Record<string, unknown>>[];
}

function families(samples: readonly NamedSample[], mostBytes?: number): readonly Family[] {
  return [...encodeProtobuf(samples, 'underscores', mostBytes)].map((bytes) =>
    MetricFamily.toObject(MetricFamily.decodeDelimited(bytes), { enums: String, longs: Number }),
  ) as unknown as Family[];
}

const NO_INSTANCE = { name: 'instance', value: '' };

describe('families of samples in protobuf', () => {
  it('are untyped with their own times', () => {
    assert.deepEqual(families([sample('a.b', { x: 'y' }, 1.5), sample('a.b', { instance: 'i' }, 2)]), [
      {
        name: 'a_b',
        type: 'UNTYPED',
        metric: [
          { label: [{ name: 'x', value: 'y' }, NO_INSTANCE], untyped: { value: 1.5 }, timestampMs: AT },
          { label: [{ name: 'instance', value: 'i' }], untyped: { value: 2 }, timestampMs: AT },
        ],
      },
    ]);
  });

  it('are cut where they are large, so that none takes long to make', () => {
    const samples = Array.from({ length: 10_000 }, (_, i) => sample('a', { x: String(i) }, i));
    const sizes = [...encodeProtobuf(samples, 'underscores')].map(({ length }) => length);
    assert.ok(sizes.length > 1);
    assert.ok(Math.max(...sizes) < 70_000, `${Math.max(...sizes)} bytes`);
    const values = families(samples).flatMap(({ metric }) =>
      metric.map(({ untyped }) => (untyped as { readonly value: number }).value),
    );
    assert.deepEqual(
      values,
      samples.map(({ v }) => v),
    );
  });

  it('have native histograms with float counts, gauges apart', () => {
    const h = exponential({
      schema: 1,
      zeroThreshold: 0.001,
      zeroCount: 2,
      sum: 39.4,
      positive: { 0: 1, 1: 2.5, 3: 1 },
      negative: { 5: 1 },
    });
    const gauge = { ...h, resetHint: ResetHint.gauge };
    const [counter, other] = families([sample('a', {}, h), sample('a', { x: 'y' }, gauge)]);
    assert.deepEqual([counter!.type, other!.type], ['HISTOGRAM', 'GAUGE_HISTOGRAM']);
    assert.deepEqual(counter!.metric[0]!['histogram'], {
      sampleCountFloat: 7.5,
      sampleSum: 39.4,
      schema: 1,
      zeroThreshold: 0.001,
      zeroCountFloat: 2,
      negativeSpan: [{ offset: 5, length: 1 }],
      negativeCount: [1],
      positiveSpan: [
        { offset: 0, length: 2 },
        { offset: 1, length: 1 },
      ],
      positiveCount: [1, 2.5, 1],
    });
  });

  it('have whole numbers where all counts are such', () => {
    const h = exponential({ schema: 1, zeroCount: 2, positive: { 0: 3, 1: 1 }, negative: { 5: 1 } });
    const [family] = families([sample('a', {}, h)]);
    assert.deepEqual(family!.metric[0]!['histogram'], {
      sampleCount: 7,
      sampleSum: 0,
      schema: 1,
      zeroThreshold: 0,
      zeroCount: 2,
      negativeSpan: [{ offset: 5, length: 1 }],
      negativeDelta: [1],
      positiveSpan: [{ offset: 0, length: 2 }],
      positiveDelta: [3, -2],
    });
  });

  it('show by a span without length that a histogram without buckets is a native one', () => {
    const [family] = families([sample('a', {}, exponential({}))]);
    const { positiveSpan } = family!.metric[0]!['histogram'] as { readonly positiveSpan: unknown };
    assert.deepEqual(positiveSpan, [{ offset: 0, length: 0 }]);
  });

  it('have classic histograms of those with custom buckets', () => {
    const whole = custom([0.5, 1], { 0: 1, 1: 3, 2: 4 }, { sum: 9.5 });
    const broken = custom([0.5, 1], { 0: 0.5, 1: 3 }, { sum: 9.5 });
    const [family] = families([sample('a', {}, whole), sample('a', { x: 'y' }, broken)]);
    assert.deepEqual(
      family!.metric.map(({ histogram }) => histogram),
      [
        {
          sampleCount: 8,
          sampleSum: 9.5,
          bucket: [
            { upperBound: 0.5, cumulativeCount: 1 },
            { upperBound: 1, cumulativeCount: 4 },
          ],
        },
        {
          sampleCountFloat: 3.5,
          sampleSum: 9.5,
          bucket: [
            { upperBound: 0.5, cumulativeCountFloat: 0.5 },
            { upperBound: 1, cumulativeCountFloat: 3.5 },
          ],
        },
      ],
    );
  });

  it('go on in the next message where they are large', () => {
    const many = Array.from({ length: 100 }, (_, i) => sample('a', { instance: String(i) }, i));
    const parts = families(many, 1000);
    assert.ok(parts.length > 2);
    assert.ok(parts.every(({ name }) => name === 'a'));
    assert.deepEqual(
      parts.flatMap(({ metric }) => metric.map(({ untyped }) => (untyped as { value: number }).value)),
      many.map(({ v }) => v),
    );
  });
});
