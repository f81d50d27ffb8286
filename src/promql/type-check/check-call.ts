import type { Call, Expr, ValueType, VectorSelector } from '../ast.ts';
import { FUNCTIONS } from '../functions.ts';
import { typeOf } from '../type-of.ts';
import type { Draft, Fail } from './draft.ts';
import { typeName } from './type-name.ts';

/** Checks the number of arguments. */
export function checkArguments({ func, args, at }: Call, fail: Fail): void {
  const { args: types, variadic } = FUNCTIONS.get(func)!;
  const [least, most] =
    variadic === 0 ? [types.length, types.length] : [types.length - 1, mostOf(types, variadic)];
  if (args.length >= least && args.length <= most) return;
  const limit = variadic === 0 ? '' : args.length < least ? 'at least ' : 'at most ';
  const count = args.length < least ? least : most;
  fail(at.start, `expected ${limit}${count} argument(s) in call to "${func}", got ${args.length}`);
}

function mostOf(types: readonly ValueType[], variadic: number): number {
  return variadic < 0 ? Infinity : types.length - 1 + variadic;
}

/** The type that the argument at `index` must have; repeated arguments have the last type of the signature. */
export function wantedArgument({ func }: Call, index: number): ValueType {
  const { args } = FUNCTIONS.get(func)!;
  return args[Math.min(index, args.length - 1)]!;
}

/** `info` takes label matchers alone as its second argument, and those may match everything. */
export function finishInfo({ func, args, at }: Call, fail: Fail): void {
  const labels: Expr | undefined = args[1];
  if (labels === undefined) return;
  const type = typeOf(labels);
  if (type !== 'vector') {
    const wanted = typeName('vector');
    const place = `call to function "${func}"`;
    // Prometheus points at the call here, not at the argument.
    fail(at.start, `expected type ${wanted} in ${place}, got ${typeName(type)}`);
  }
  if (labels.kind !== 'vectorSelector') return fail(labels.at.start, 'expected label selectors only');
  if (labels.name !== '') fail(labels.at.start, 'expected label selectors only, got vector selector instead');
  (labels as Draft<VectorSelector>).mayMatchEmpty = true;
}
