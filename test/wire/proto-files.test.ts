import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { ResetHint } from '../../src/model/histogram/float-histogram.ts';
import { LabelField } from '../../src/wire/protobuf/label-message.ts';
import { LabelMatcherField } from '../../src/wire/protobuf/matcher-message.ts';
import * as fields from '../../src/wire/remote-read/fields.ts';
import { ResponseType } from '../../src/wire/remote-read/request.ts';
import { prometheusProto } from '../support/proto.ts';

const tables: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ...fields,
  LabelField,
  LabelMatcherField,
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
