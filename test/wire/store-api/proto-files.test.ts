import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AlertState, RuleType } from '../../../src/wire/store-api/rules.ts';
import { PartialResponseStrategy } from '../../../src/wire/store-api/partial-response.ts';
import { Aggregate } from '../../../src/wire/store-api/series-request.ts';
import { TargetHealth, TargetState } from '../../../src/wire/store-api/targets.ts';
import { ServingStatus } from '../../../src/wire/store-api/health.ts';
import * as fields from '../../../src/wire/store-api/fields.ts';
import { loadProto } from '../../support/proto.ts';

describe('field numbers agree with proto/thanos', () => {
  const root = loadProto('thanos/query.proto');
  for (const [table, numbers] of Object.entries(fields))
    it(table, () => {
      const declared = root.lookupType(`thanos.${table.replace(/Field$/, '')}`).fields;
      assert.deepEqual(
        numbers,
        Object.fromEntries(Object.entries(declared).map(([name, field]) => [name, field.id])),
      );
    });
});

describe('enums agree with proto', () => {
  const ENUMS = [
    ['thanos/store.proto', 'thanos.Aggr', Aggregate],
    ['thanos/types.proto', 'thanos.PartialResponseStrategy', PartialResponseStrategy],
    ['thanos/rules.proto', 'thanos.AlertState', AlertState],
    ['thanos/rules.proto', 'thanos.RulesRequest.Type', RuleType],
    ['thanos/targets.proto', 'thanos.TargetHealth', TargetHealth],
    ['thanos/targets.proto', 'thanos.TargetsRequest.State', TargetState],
    ['grpc/health.proto', 'grpc.health.v1.HealthCheckResponse.ServingStatus', ServingStatus],
  ] as const;
  for (const [file, name, numbers] of ENUMS)
    it(name, () => {
      const declared = loadProto(file).lookupEnum(name).values;
      assert.deepEqual(
        Object.entries(numbers).map(([key, number]) => [key.toUpperCase(), number]),
        Object.entries(declared).map(([key, number]) => [key.replaceAll('_', ''), number]),
      );
    });
});
