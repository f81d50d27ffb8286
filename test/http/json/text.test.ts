import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeLabels, encodeLabelText, encodeString } from '../../../src/http/json/text.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { assertProperty } from '../../support/property.ts';

const ODD = 'a<b>&c\u2028\b\f\t\u007fé"\\\n';

test('strings are escaped for HTML, labels are not, as in answers of Prometheus 3.14', () => {
  assert.equal(
    encodeString(ODD),
    String.raw`"a\u003cb\u003e\u0026c\u2028\u0008\u000c\t` + '\u007fé' + String.raw`\"\\\n"`,
  );
  assert.equal(
    encodeLabelText(ODD),
    `"a<b>&c\u2028` + String.raw`\u0008\u000c\t` + '\u007fé' + String.raw`\"\\\n"`,
  );
});

test('any text reads back', () => {
  assertProperty(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(JSON.parse(encodeString(text)), text);
      assert.equal(JSON.parse(encodeLabelText(text)), text);
    }),
    { seed: 314 },
  );
});

test('labels keep their order', () => {
  assert.equal(encodeLabels(labelsFromRecord({ job: 'x', __name__: 'up' })), '{"__name__":"up","job":"x"}');
  assert.equal(encodeLabels(labelsFromRecord({})), '{}');
});
