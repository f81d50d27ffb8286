import type { RecordedCall } from './recorded-calls.ts';

/** A change of answers for a comparison. */
export interface Change {
  readonly reason: string;
  readonly path: RegExp;
  readonly change: (body: string, path: string) => string;
}

/** What Prometheus has changed in its answers since 2.42, which are given here as 3.14 gives them. */
export const CHANGES: readonly Change[] = [
  {
    reason: 'there is no position in an empty query',
    path: /\/query(?:\?query=)?$/,
    change: (body) =>
      body.replace('1:1: parse error: no expression', 'unknown position: parse error: no expression'),
  },
  {
    reason: 'errors begin with a small letter',
    path: /[?&](?:time|start|end)=/,
    change: (body) => body.replace('Invalid time value', 'invalid time value'),
  },
  {
    reason: 'problems of regular expressions are told without the anchors',
    path: /=~/,
    change: (body) => body.replace(/`\^\(\?:(.*)\)\$`/, '`$1`'),
  },
  {
    reason: 'the parameter is named for expressions of a type that has no range either',
    path: /\/query_range\?/,
    change: (body) =>
      body.replace(
        '"invalid expression type',
        String.raw`"invalid parameter \"query\": invalid expression type`,
      ),
  },
  {
    reason: 'groups of which a filter leaves no rule are left out',
    path: /\/rules\?type=/,
    change: (body) => body.replaceAll(/,\{"name":"[^"]*","file":"[^"]*","rules":\[\],[^}]*\}/g, ''),
  },
  {
    reason: 'dropped targets are counted by pool, unless active ones alone are asked for',
    path: /\/targets(?:\?|$)/,
    change: (body, path) => {
      const counts = path.endsWith('state=active') ? 'null' : '{}';
      return body.replace('"droppedTargets":[]', `"droppedTargets":[],"droppedTargetCounts":${counts}`);
    },
  },
  {
    reason: 'the unit comes before the help text',
    path: /\/v1\/metadata/,
    change: (body) => body.replaceAll(/("help":"[^"]*"),("unit":"[^"]*")/g, '$2,$1'),
  },
];

/** What comes in another order each time, and is sorted here. */
export const ORDERS: readonly Change[] = [
  {
    reason: 'metrics of a target',
    path: /\/targets\/metadata/,
    change: (body) => sortedLists(body, ({ metric = '' }) => String(metric)),
  },
  {
    reason: 'what is equally frequent',
    path: /\/status\/tsdb/,
    change: (body) => sortedLists(body, ({ name, value }) => `${1e9 - Number(value)} ${String(name)}`),
  },
];

/** A call that 2.42 answered, with the answer in the form of 3.14. */
export function asBy314(call: RecordedCall): RecordedCall {
  const changes = [...CHANGES, ...ORDERS].filter(({ path }) => path.test(call.path));
  return { ...call, body: changes.reduce((body, { change }) => change(body, call.path), call.body) };
}

type Item = Readonly<Record<string, unknown>>;

/** A JSON text with the members of all lists of objects in the order of a key. */
function sortedLists(body: string, keyOf: (item: Item) => string): string {
  const parsed: unknown = JSON.parse(body, (_, value: unknown) =>
    Array.isArray(value)
      ? (value as readonly Item[]).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      : value,
  );
  return JSON.stringify(parsed);
}
