import { isDeepStrictEqual } from 'node:util';
import type { Expr } from '../../../src/promql/ast.ts';
import { withoutParens } from '../../../src/promql/walk.ts';
import { sameNumber } from '../../recorded/compare-numbers.ts';
import type { ApiResponse } from '../../recorded/corpus.ts';

/** What the elements of a vector are ordered by, where the query says so. */
type Order = 'values' | 'labels';

/** What is wrong with the order of an answer whose query asks for one; undefined where nothing is. Equal values may stand in any order. */
export function orderProblem(
  expr: Expr | undefined,
  expected: ApiResponse,
  actual: ApiResponse,
): string | undefined {
  const order = expr && orderOf(withoutParens(expr));
  if (order === undefined || expected.data?.resultType !== 'vector') return undefined;
  const [wanted, got] = [expected, actual].map(({ data }) => data?.result ?? []) as [Elements, Elements];
  const isSame = wanted.every(({ metric, value }, i) =>
    order === 'labels'
      ? isDeepStrictEqual(metric, got[i]?.metric)
      : value === undefined || sameNumber(value[1], got[i]?.value?.[1] ?? ''),
  );
  return isSame
    ? undefined
    : `the elements are in another order, expected ${textOf(wanted)}, got ${textOf(got)}`;
}

type Elements = NonNullable<ApiResponse['data']>['result'];

function orderOf(root: Expr): Order | undefined {
  if (root.kind === 'call' && root.func.startsWith('sort'))
    return root.func.startsWith('sort_by') ? 'labels' : 'values';
  const isRanked = root.kind === 'aggregate' && (root.op === 'topk' || root.op === 'bottomk');
  return isRanked && !root.without && root.grouping.length === 0 ? 'values' : undefined;
}

function textOf(elements: Elements): string {
  return JSON.stringify(elements.map(({ metric, value }) => [metric, value?.[1]]));
}
