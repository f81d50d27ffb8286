import { type Labels, labelsFrom, METRIC_NAME } from '../../src/model/labels.ts';
import { unquote } from '../../src/promql/literal/unquote.ts';
import type { TextCursor } from './text-cursor.ts';

const NAME = /[a-zA-Z_:][\w:]*/y;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/y;

/** A series name: `name{label="value"}`, `{"name", label="value"}`, either part alone, or `{}`. */
export function parseMetric(cursor: TextCursor): Labels {
  const pairs: (readonly [string, string])[] = [];
  const name = cursor.take(NAME);
  if (name !== undefined) pairs.push([METRIC_NAME, name]);
  if (cursor.accept('{')) parseLabels(cursor, pairs);
  else if (name === undefined) throw new Error(`expected a series name at ${JSON.stringify(cursor.rest)}`);
  return labelsFrom(pairs);
}

function parseLabels(cursor: TextCursor, pairs: (readonly [string, string])[]): void {
  for (;;) {
    cursor.skipSpace();
    if (cursor.accept('}')) return;
    const quoted = cursor.take(STRING);
    const name = quoted === undefined ? cursor.take(NAME) : unquote(quoted);
    if (name === undefined) throw new Error(`expected a label name at ${JSON.stringify(cursor.rest)}`);
    cursor.skipSpace();
    if (cursor.accept('=')) {
      cursor.skipSpace();
      const value = cursor.take(STRING);
      if (value === undefined) throw new Error(`expected a label value at ${JSON.stringify(cursor.rest)}`);
      pairs.push([name, unquote(value)]);
    } else if (quoted === undefined) throw new Error(`expected a value for the label ${name}`);
    else pairs.push([METRIC_NAME, name]);
    cursor.skipSpace();
    if (!cursor.accept(',')) {
      cursor.expect('}');
      return;
    }
  }
}
