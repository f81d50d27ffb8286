import { type Instant, parseInstant, ZERO_INSTANT } from '../../model/instant.ts';
import { type Labels, labelsFromRecord } from '../../model/labels.ts';
import { EndpointError } from '../endpoint-error.ts';

/** A JSON object of the API, whose members are checked as they are read. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The objects of a list; Go writes an empty one as null. Throws where it is anything else. */
export function objectsOf(value: unknown, what: string): readonly JsonObject[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) && value.every(isObject)) return value;
  throw new EndpointError(
    'bad_data',
    `its answer holds no list of ${what}; check that it is a Prometheus API`,
  );
}

/** The objects of a list that must be there, though it may be null. Throws where it is not: then the answer is another one. */
export function listOf(object: JsonObject, name: string, what: string): readonly JsonObject[] {
  return objectsOf(object[name] === undefined ? 'absent' : object[name], what);
}

export function objectOf(value: unknown, what: string): JsonObject {
  if (isObject(value)) return value;
  throw new EndpointError('bad_data', `its answer holds no ${what}; check that it is a Prometheus API`);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text; empty where it is absent, as Go leaves empty ones out. */
export function textOf(object: JsonObject, name: string): string {
  const value = object[name];
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw wrong(name, 'a text', value);
}

/** A number; 0 where it is absent. */
export function numberOf(object: JsonObject, name: string): number {
  const value = object[name];
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number') return value;
  throw wrong(name, 'a number', value);
}

export function labelsOf(object: JsonObject, name: string): Labels {
  return labelsFromRecord(textsOf(object, name));
}

/** Texts by name; none where the member is absent. */
export function textsOf(object: JsonObject, name: string): Readonly<Record<string, string>> {
  const value = object[name];
  if (value === undefined || value === null) return {};
  if (isObject(value) && Object.values(value).every((item) => typeof item === 'string'))
    return value as Readonly<Record<string, string>>;
  throw wrong(name, 'a label set', value);
}

/** A time; Go's zero time where it is absent. */
export function instantOf(object: JsonObject, name: string): Instant {
  return optionalInstantOf(object, name) ?? ZERO_INSTANT;
}

export function optionalInstantOf(object: JsonObject, name: string): Instant | undefined {
  const text = textOf(object, name);
  if (text === '') return undefined;
  const instant = parseInstant(text);
  if (instant === undefined) throw wrong(name, 'a time', text);
  return instant;
}

/** One of a few words; the first of them where the server says something else or nothing. */
export function wordOf<T extends string>(object: JsonObject, name: string, words: readonly [T, ...T[]]): T {
  const text = textOf(object, name);
  return words.find((word) => word === text) ?? words[0];
}

function wrong(name: string, expected: string, value: unknown): EndpointError {
  return new EndpointError(
    'bad_data',
    `its answer holds something else as ${JSON.stringify(name)} where ${expected} belongs`,
    { detail: `${name}: ${JSON.stringify(value)}` },
  );
}
