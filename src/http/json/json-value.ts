import { compareStrings } from '../../model/compare-strings.ts';
import { encodeString } from './text.ts';

/** What the small answers of the API are made of. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

/** Go writes the members of structs as they are declared, and those of maps sorted by key. */
export type MemberOrder = 'declared' | 'sorted';

/** JSON with strings escaped as Go does it. Undefined members are left out. */
export function encodeJson(value: JsonValue, order: MemberOrder = 'declared'): string {
  if (typeof value === 'string') return encodeString(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map((item) => encodeJson(item, order)).join(',')}]`;
  const members: string[] = [];
  const keys = Object.keys(value);
  if (order === 'sorted') keys.sort(compareStrings);
  for (const key of keys) {
    const member = value[key];
    if (member !== undefined) members.push(`${encodeString(key)}:${encodeJson(member, order)}`);
  }
  return `{${members.join(',')}}`;
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
