import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { ResetHint } from '../../src/model/histogram/float-histogram.ts';
import { LabelField } from '../../src/wire/protobuf/label-message.ts';
import { LabelMatcherField } from '../../src/wire/protobuf/matcher-message.ts';
import * as fields from '../../src/wire/remote-read/fields.ts';
import { ResponseType } from '../../src/wire/remote-read/request.ts';
import * as exposition from '../../src/wire/exposition/fields.ts';
import { BucketSpanField } from '../../src/wire/protobuf/bucket-fields.ts';
import { expositionProto, prometheusProto } from '../support/proto.ts';

const tables: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ...fields,
  LabelField,
  LabelMatcherField,
  BucketSpanField,
};

describe('field numbers agree with proto/prometheus', () => {
  for (const [table, numbers] of Object.entries(tables)) {
    const message = table.replace(/Field$/, '');
    it(message, () => {
      const declared = prometheusProto().lookupType(`prometheus.${message}`).fields;
      assert.deepEqual(
        numbers,
        Object.fromEntries(Object.entries(declared).map(([name, field]) => [name, field.id])),
      );
    });
  }
});

describe('field numbers agree with proto/prometheus/metrics.proto', () => {
  const { MetricType, ...messages } = exposition;
  for (const [table, numbers] of Object.entries({ ...messages, BucketSpanField }))
    it(table, () => {
      const { fields: declared } = expositionProto().lookupType(
        `io.prometheus.client.${table.replace(/Field$/, '')}`,
      );
      for (const [name, number] of Object.entries(numbers)) assert.equal(declared[name]?.id, number, name);
    });

  it('MetricType', () => {
    const { values } = expositionProto().lookupEnum('io.prometheus.client.MetricType');
    const { untyped, histogram, gaugeHistogram } = MetricType;
    assert.deepEqual(
      [untyped, histogram, gaugeHistogram],
      [values['UNTYPED'], values['HISTOGRAM'], values['GAUGE_HISTOGRAM']],
    );
  });
});

describe('enums agree with proto/prometheus', () => {
  const enums: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    'Chunk.Encoding': ChunkEncoding,
    'Histogram.ResetHint': ResetHint,
    'ReadRequest.ResponseType': ResponseType,
  };
  for (const [name, numbers] of Object.entries(enums))
    it(name, () => {
      const declared = prometheusProto().lookupEnum(`prometheus.${name}`).values;
      assert.deepEqual(Object.values(numbers), Object.values(declared));
    });
});
