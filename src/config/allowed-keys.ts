import { z } from 'zod';

/** The keys that a mapping at `path` of the schema may have; empty where any key is fine. */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const at = unwrap(path.reduce(step, schema));
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function step(schema: z.ZodType, key: PropertyKey): z.ZodType {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) return inner.shape[String(key)] as z.ZodType;
  if (inner instanceof z.ZodArray) return inner.element as z.ZodType;
  return inner;
}

function unwrap(schema: z.ZodType): z.ZodType {
  const wrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
