import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeJson } from '../../../src/http/encode/json.ts';
import { encodeLabels } from '../../../src/http/encode/labels.ts';
import { encodeLabelText, encodeString } from '../../../src/http/encode/string.ts';
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

test('members may be sorted by key, at every depth', () => {
  assert.equal(encodeJson([{ b: { d: 1, c: 2 }, a: 3 }], 'sorted'), '[{"a":3,"b":{"c":2,"d":1}}]');
});

test('JSON values leave out what is undefined', () => {
  assert.equal(
    encodeJson({ a: [1, true, null, '<'], b: undefined, c: { d: 0.5 } }),
    String.raw`{"a":[1,true,null,"\u003c"],"c":{"d":0.5}}`,
  );
});
