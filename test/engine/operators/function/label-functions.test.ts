import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { labelReplace } from '../../../../src/engine/operators/function/label-functions.ts';
import { labelsFromRecord, labelValue } from '../../../../src/model/labels.ts';

/** What becomes of the text `xy`. */
function replaced(template: string, pattern: string): string {
  const rename = labelReplace('to', template, 'from', pattern);
  return labelValue(rename({ labels: labelsFromRecord({ from: 'xy' }), dropName: false }).labels, 'to');
}

/** What `Regexp.ExpandString` of Go 1.26 makes of a template, where `(?P<n>x)(.*)` matched `xy`. */
const TEMPLATES: Readonly<Record<string, string>> = {
  $é: '',
  '${é}': '',
  $1é: '',
  $1號: '',
  '${1é}': '',
  $01: '',
  '${01}': '',
  $00: '',
  $0: 'xy',
  $1: 'x',
  $10: '',
  $2: 'y',
  $$: '$',
  $: '$',
  a$: 'a$',
  '${': '${',
  '${1': '${1',
  '${}': '${}',
  '$}': '$}',
  $1x: '',
  '${1}x': 'xx',
  $1_: '',
  $n: 'x',
  '${n}': 'x',
  $nx: '',
  '${n}x': 'xx',
  '$n-': 'x-',
  $$1: '$1',
  $$$1: '$x',
  '$-1': '$-1',
  '$ 1': '$ 1',
  '${ 1}': '${ 1}',
  '${1 }': '${1 }',
  $１: '',
  '${1}${2}': 'xy',
  $100000000: '',
  $99999999999: '',
  '${n': '${n',
  'x${1}${': 'xx${',
  $é$1: 'x',
  $𝟎: '',
  $𝐀: '',
  '$²': '$²',
  $ⅷ: '$ⅷ',
  $1́: 'x́',
  $toString: '',
  $__proto__: '',
  '${constructor}': '',
  '$$${1}': '$x',
  $n$n: 'xx',
  a$1b$2c: 'a',
  $1$1: 'xx',
  '${1}1': 'x1',
  '$%1': '$%1',
};

describe('a template expands as in Go', () => {
  for (const [template, expanded] of Object.entries(TEMPLATES))
    test(template, () => assert.equal(replaced(template, '(?P<n>x)(.*)'), expanded));
});

/** The same of patterns whose groups share a name, or seem to. */
const SHARED_NAMES: readonly (readonly [pattern: string, template: string, expanded: string])[] = [
  ['(?P<n>x)(?P<n>y)', '$n', 'x'],
  ['(?P<n>x)(?P<n>y)', '$1-$2', 'x-y'],
  ['(?P<n>a)|(?P<n>x)y', '$n', 'x'],
  ['(?P<n>a)|(?P<n>x)y', '$1-$2', '-x'],
  ['(?P<n>a)?(?P<n>x)y', '$n', 'x'],
  ['(?P<n>a)?(?P<n>x)y', '$1-$2', '-x'],
  ['(?P<n>)(?P<n>x)y', '$n', ''],
  ['(?P<n>)(?P<n>x)y', '$1-$2', '-x'],
  ['(?<n>x)(?P<n>y)', '$n', 'x'],
  ['(?<n>x)(?P<n>y)', '$1-$2', 'x-y'],
  ['(?:(?P<n>a)|(?P<m>x))(?P<n>y)', '$n', 'y'],
  ['(?:(?P<n>a)|(?P<m>x))(?P<n>y)', '$1-$2', '-x'],
  ['\\(?P<n>x|(?P<n>x)[(?P<n>)y]', '$n', 'x'],
  ['\\(?P<n>x|(?P<n>x)[(?P<n>)y]', '$1-$2', 'x-'],
  ['\\Q(?P<n>\\E|(?P<n>x)(?P<n>y)', '$n', 'x'],
  ['\\Q(?P<n>\\E|(?P<n>x)(?P<n>y)', '$1-$2', 'x-y'],
  ['[](?P<n>]|(?P<n>x)(?P<n>y)', '$n', 'x'],
  ['[](?P<n>]|(?P<n>x)(?P<n>y)', '$1-$2', 'x-y'],
  ['[[:alpha:](?P<n>](?P<n>y)', '$n', 'y'],
  ['[[:alpha:](?P<n>](?P<n>y)', '$1-$2', 'y-'],
  ['(?P<n>x)(?P<n0>y)(?P<n>z)?', '$n', 'x'],
  ['(?P<n>x)(?P<n0>y)(?P<n>z)?', '$1-$2', 'x-y'],
];

describe('the first group of a name that took part counts, as in Go', () => {
  for (const [pattern, template, expanded] of SHARED_NAMES)
    test(`${template} of ${pattern}`, () => assert.equal(replaced(template, pattern), expanded));
});
