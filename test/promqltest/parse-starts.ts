import { parseDuration } from '../../src/model/duration.ts';

const ITEM = /^([+-]?)(\d+(?:(?!x)[a-z])*)(?:([+-])(\d+(?:(?!x)[a-z])*))?(?:x(\d+))?$/;

/** Start timestamps of points, ms relative to them: `-1m _ _x2 -30sx4 -1m-10sx3`; undefined for `_`. */
export function parseStarts(text: string): readonly (number | undefined)[] {
  return text.split(/\s+/).flatMap(parseItem);
}

function parseItem(item: string): readonly (number | undefined)[] {
  const gaps = /^_(?:x(\d+))?$/.exec(item);
  if (gaps !== null) return Array.from({ length: Number(gaps[1] ?? 1) }, () => undefined);
  const match = ITEM.exec(item);
  if (match === null) throw new Error(`${JSON.stringify(item)} is no start timestamp`);
  const [, sign, base, stepSign, step = '0', times = '0'] = match;
  const first = signed(sign, base!);
  const change = signed(stepSign, step);
  return Array.from({ length: Number(times) + 1 }, (_, i) => first + i * change);
}

function signed(sign: string | undefined, duration: string): number {
  return sign === '-' ? -parseDuration(duration) : parseDuration(duration);
}
