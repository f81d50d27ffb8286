import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { MessageFormatError } from '../../../src/wire/message-format-error.ts';
import {
  decodeMessage,
  decodePaced,
  encodeMessage,
  encodePaced,
} from '../../../src/wire/protobuf/message-codec.ts';
import { RULES_RESPONSE, type RulesResponse } from '../../../src/wire/store-api/rules.ts';
import { eagerPace } from '../../support/pace.ts';

const MANY = 5000;

/** A group of very many rules, the first of which has very many alerts. */
function largeGroup(): RulesResponse {
  const common = {
    query: 'up',
    labels: labelsFromRecord({ severity: 'page' }),
    health: 'ok',
    lastError: '',
    evaluationDurationSeconds: 0.5,
    lastEvaluation: 1_500_000_000n,
  };
  const alerts = Array.from({ length: MANY }, (_, i) => ({
    labels: labelsFromRecord({ i: String(i) }),
    annotations: ['summary', 's'],
    state: 3,
    activeAt: i % 2 === 0 ? 1_000_000_000n : undefined,
    value: '1e+00',
    partialResponseStrategy: 1,
  }));
  const rules = Array.from({ length: MANY }, (_, i) =>
    i === 0
      ? {
          recording: undefined,
          alert: {
            ...common,
            name: 'a',
            state: 3,
            durationSeconds: 60,
            annotations: [],
            alerts,
            keepFiringForSeconds: 0,
          },
        }
      : { recording: { ...common, name: `r${i}` }, alert: undefined },
  );
  const group = {
    name: 'g',
    file: 'f.yml',
    rules,
    interval: 15,
    evaluationDurationSeconds: 1,
    lastEvaluation: 0n,
    partialResponseStrategy: 1,
    limit: 0,
  };
  return { group, warning: undefined };
}

describe('a large message', () => {
  it('is written in pieces, with the same bytes', async () => {
    const pace = eagerPace();
    const bytes = await encodePaced(RULES_RESPONSE, largeGroup(), pace);
    assert.deepEqual(Buffer.from(bytes), Buffer.from(encodeMessage(RULES_RESPONSE, largeGroup())));
    // At each rule, and at each alert of the one that has them.
    assert.ok(pace.pauses >= 2 * MANY, `gave way ${pace.pauses} times`);
  });

  it('is read in pieces, with the same values', async () => {
    const bytes = encodeMessage(RULES_RESPONSE, largeGroup());
    const pace = eagerPace();
    assert.deepEqual(await decodePaced(RULES_RESPONSE, bytes, pace), decodeMessage(RULES_RESPONSE, bytes));
    assert.ok(pace.pauses >= 2 * MANY, `gave way ${pace.pauses} times`);
  });

  it('is damaged wherever one that is read at once is', async () => {
    const bytes = encodeMessage(RULES_RESPONSE, largeGroup());
    for (const length of [1, 100, bytes.length - 1])
      await assert.rejects(
        decodePaced(RULES_RESPONSE, bytes.subarray(0, length), eagerPace()),
        MessageFormatError,
      );
  });

  it('is not read on where its request has ended', async () => {
    const gone = new Error('gone');
    const pace = { due: () => true, breathe: () => Promise.reject(gone) };
    const bytes = encodeMessage(RULES_RESPONSE, largeGroup());
    await assert.rejects(decodePaced(RULES_RESPONSE, bytes, pace), gone);
    await assert.rejects(encodePaced(RULES_RESPONSE, largeGroup(), pace), gone);
  });
});
