import { bug } from '../../../model/errors.ts';
import type { Operator } from '../../operator.ts';
import { StepRow } from '../../step-row.ts';

/** Opens an operator of scalar type and returns its value at every step. */
export async function readScalar(operator: Operator, stepCount: number): Promise<Float64Array> {
  await operator.open();
  const row = new StepRow(stepCount);
  if (stepCount > 0 && operator.next(row) < 0) bug('a scalar expression had no value');
  return row.v;
}
