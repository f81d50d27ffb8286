/** Where values stand in a configuration: a star stands for every item of a list and every value of a mapping. */
export type Setting = readonly string[];

/** Where it is said how servers are asked. */
export const ACCESSES: readonly Setting[] = [
  ['endpoints', '*'],
  ['discovery', 'files', '*', 'endpoint'],
  ['discovery', 'http', '*'],
  ['discovery', 'http', '*', 'endpoint'],
  ['discovery', 'kubernetes', '*'],
  ['discovery', 'kubernetes', '*', 'endpoint'],
];

/** A copy of a value with the texts at a setting changed, or taken away. Values of any other shape stay: the schema refuses them. */
export function changedAt(
  setting: Setting,
  value: unknown,
  change: (text: string) => string | undefined,
): unknown {
  const [key, ...rest] = setting;
  if (key === undefined) return typeof value === 'string' ? change(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return key === '*' ? value.map((item) => changedAt(rest, item, change)) : value;
  const changed: Record<string, unknown> = { ...value };
  const keys = key === '*' ? Object.keys(changed) : Object.keys(changed).filter((each) => each === key);
  for (const each of keys) changed[each] = changedAt(rest, changed[each], change);
  return changed;
}
