import { encodeString } from './text.ts';

/** The members of an answer of this type, each as JSON text. So what is sent has the names that its readers know. */
export type Members<T> = { readonly [Name in keyof T]: string | undefined };

/** A JSON object of members that are JSON text already, in the given order. Undefined ones are left out. */
export function encodeObject(members: Readonly<Record<string, string | undefined>>): string {
  const parts: string[] = [];
  for (const [name, text] of Object.entries(members))
    if (text !== undefined) parts.push(`${encodeString(name)}:${text}`);
  return `{${parts.join(',')}}`;
}

/** The same where long members come in pieces. */
export type PieceMembers<T> = { readonly [Name in keyof T]: string | Iterable<string> | undefined };

/** The same object piece by piece. */
export function* encodePieces(
  members: Readonly<Record<string, string | Iterable<string> | undefined>>,
): Generator<string> {
  let separator = '{';
  for (const [name, text] of Object.entries(members)) {
    if (text === undefined) continue;
    yield `${separator}${encodeString(name)}:`;
    if (typeof text === 'string') yield text;
    else yield* text;
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

/** A JSON object of the entries of a map, in their order. */
export function encodeMap<T>(map: ReadonlyMap<string, T>, encode: (value: T) => string): string {
  return `{${Array.from(map, ([key, value]) => `${encodeString(key)}:${encode(value)}`).join(',')}}`;
}

/** A JSON list of items that are encoded by `encode`. */
export function encodeItems<T>(items: readonly T[], encode: (item: T) => string): string {
  return `[${items.map((item) => encode(item)).join(',')}]`;
}

/** The same piece by piece, for lists that can be long. */
export function* encodeList<T>(items: Iterable<T>, encode: (item: T) => string): Generator<string> {
  let isFirst = true;
  yield '[';
  for (const item of items) {
    yield isFirst ? encode(item) : `,${encode(item)}`;
    isFirst = false;
  }
  yield ']';
}

/** The same for items that are long themselves. */
export function* encodeListOf<T>(
  items: Iterable<T>,
  encode: (item: T) => Iterable<string>,
): Generator<string> {
  let separator = '[';
  for (const item of items) {
    yield separator;
    yield* encode(item);
    separator = ',';
  }
  yield separator === '[' ? '[]' : ']';
}
