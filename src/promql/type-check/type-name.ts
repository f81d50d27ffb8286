import type { ValueType } from '../ast.ts';

const NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  string: 'string',
  vector: 'instant vector',
  matrix: 'range vector',
};

/** The name of a type as Prometheus' documentation and error texts have it. */
export function typeName(type: ValueType): string {
  return NAMES[type];
}
