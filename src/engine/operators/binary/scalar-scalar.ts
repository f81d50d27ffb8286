import type { Operator } from '../../operator.ts';
import { readScalar } from '../scalar/read-scalar.ts';

/** A binary operation of two scalars at every step. */
export async function scalarScalar(
  left: Operator,
  right: Operator,
  stepCount: number,
  apply: (a: number, b: number) => number,
): Promise<Float64Array> {
  const a = await readScalar(left, stepCount);
  const b = await readScalar(right, stepCount);
  const result = new Float64Array(stepCount);
  for (let step = 0; step < stepCount; step++) result[step] = apply(a[step]!, b[step]!);
  return result;
}
