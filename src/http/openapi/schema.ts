/** A JSON schema of draft 2020-12, which OpenAPI 3.1 has. */
export type Schema = Readonly<Record<string, unknown>>;

export const STRING: Schema = { type: 'string' };
export const NUMBER: Schema = { type: 'number' };
export const INTEGER: Schema = { type: 'integer' };
export const BOOLEAN: Schema = { type: 'boolean' };

/** An object with these members, and others that are not described. A question mark behind a name marks one that may be left out. */
export function object(members: Readonly<Record<string, Schema>>): Schema {
  const named = Object.entries(members).map(
    ([name, schema]) => [name.replace(/\?$/, ''), schema, name.endsWith('?')] as const,
  );
  const required = named.filter(([, , isOptional]) => !isOptional).map(([name]) => name);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(named.map(([name, schema]) => [name, schema])),
  };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** A list of so many items, each of its own kind. */
export function tuple(...items: readonly Schema[]): Schema {
  return { type: 'array', prefixItems: items, minItems: items.length, maxItems: items.length };
}

export function map(values: Schema): Schema {
  return { type: 'object', additionalProperties: values };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

export function oneOfWords(...words: readonly string[]): Schema {
  return { type: 'string', enum: words };
}

/** One of the schemas that the document names. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}
