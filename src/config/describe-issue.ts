import type { z } from 'zod';
import {
  ZodArray,
  ZodDefault,
  ZodObject,
  ZodOptional,
  ZodPipe,
  ZodPrefault,
  ZodRecord,
  ZodTransform,
} from 'zod';
import { closest } from '../model/closest.ts';
import type { Path } from './document.ts';

/** A place in a configuration and what is wrong there. */
export interface Described {
  readonly path: Path;
  readonly message: string;
}

/** What a validation found, in sentences: each unknown key is one, with the keys that are allowed in its place. */
export function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): readonly Described[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: sentence(issue) }];
  const allowed = allowedKeys(schema, issue.path);
  return issue.keys.map((key) => {
    const meant = closest(key, allowed);
    const hint = meant === undefined ? '' : `did you mean ${meant}? `;
    return {
      path: [...issue.path, key],
      message: `no such setting; ${hint}allowed here: ${allowed.join(', ')}`,
    };
  });
}

/** `endpoints[0].tls.ca_file`. */
export function keyText(path: Path): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text === '' ? '' : '.'}${String(key)}`,
    '',
  );
}

/** The keys that a mapping at `path` of the schema may have; empty where any key is fine. */
export function allowedKeys(schema: z.ZodType, path: Path): readonly string[] {
  const at = unwrapped(path.reduce(innerOf, schema));
  return at instanceof ZodObject ? Object.keys(at.shape) : [];
}

function innerOf(schema: z.ZodType, key: PropertyKey): z.ZodType {
  const inner = unwrapped(schema);
  if (inner instanceof ZodObject) return inner.shape[String(key)] as z.ZodType;
  if (inner instanceof ZodArray) return inner.element as z.ZodType;
  if (inner instanceof ZodRecord) return inner.valueType as z.ZodType;
  return inner;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  // What is written in several forms becomes one before it is looked at.
  if (schema instanceof ZodPipe && schema.in instanceof ZodTransform)
    return unwrapped(schema.out as z.ZodType);
  if (schema instanceof ZodPipe && schema.out instanceof ZodTransform)
    return unwrapped(schema.in as z.ZodType);
  const wrapped =
    schema instanceof ZodOptional || schema instanceof ZodDefault || schema instanceof ZodPrefault;
  return wrapped ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return `must be one of ${issue.values
      .filter((value) => value !== '')
      .map(String)
      .join(', ')}`;
  const word = issue.code === 'invalid_type' ? WORDS[issue.expected] : undefined;
  return word === undefined ? issue.message : `must be ${word}`;
}

const WORDS: Readonly<Record<string, string>> = {
  object: 'a mapping',
  record: 'a mapping of names to strings',
  array: 'a list',
  boolean: 'true or false',
};
