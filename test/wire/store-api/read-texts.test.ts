import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encodeLabelNamesResponse,
  encodeLabelValuesResponse,
  readTexts,
} from '../../../src/wire/store-api/label-calls.ts';
import { MessageFormatError } from '../../../src/wire/message-format-error.ts';
import { eagerPace, NO_PAUSE } from '../../support/pace.ts';

const TEXTS = Array.from({ length: 1000 }, (_, i) => `t${i}`);
const REST = { warnings: ['w'], hints: { typeUrl: 'x', value: Uint8Array.of(1) } };

test('names and values are read with their warnings, and with pauses', async () => {
  for (const bytes of [
    encodeLabelNamesResponse({ names: TEXTS, ...REST }),
    encodeLabelValuesResponse({ values: TEXTS, ...REST }),
  ]) {
    const pace = eagerPace();
    assert.deepEqual(await readTexts(bytes, pace), { texts: TEXTS, warnings: ['w'] });
    assert.ok(pace.pauses >= 15, `${pace.pauses} pauses`);
  }
});

test('a list that is cut off is refused', async () => {
  const bytes = encodeLabelNamesResponse({ names: TEXTS, ...REST });
  await assert.rejects(readTexts(bytes.subarray(0, -1), NO_PAUSE), MessageFormatError);
});
