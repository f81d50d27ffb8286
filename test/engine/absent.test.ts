import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf } from '../support/evaluate-text.ts';
import { PointSource } from '../support/point-source.ts';

const CASES: Readonly<Record<string, string>> = {
  'absent(x{a="1"})': '{a="1"} 1@0',
  'absent(x{a="1", a="2"})': '{} 1@0',
  'absent(x{a="1", a=~".+"})': '{} 1@0',
  'absent(x{a=~".+", a="1"})': '{a="1"} 1@0',
  'absent(x{a!="2", a="1"})': '{} 1@0',
  'absent(x{b!="2", a="1"})': '{a="1"} 1@0',
  'absent_over_time(x{a!~"2.*", a="1"}[1m])': '{} 1@0',
};

for (const [text, line] of Object.entries(CASES)) {
  test(`${text} gives ${line}`, async () => {
    assert.deepEqual(await linesOf(text, new PointSource({}), { start: 0 }), [line]);
  });
}
