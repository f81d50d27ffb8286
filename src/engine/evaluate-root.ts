import { bug, QueryError } from '../model/errors.ts';
import { compareLabels, withoutMetricIdentity } from '../model/labels.ts';
import { sortPaced } from '../model/paced-sort.ts';
import { planType, type PlanNode } from '../plan/plan-node.ts';
import type { Expr } from '../promql/ast.ts';
import { typeOf } from '../promql/type-of.ts';
import type { MatrixSeries, QueryValue } from './answer.ts';
import { operatorOf } from './build/built.ts';
import { buildOperators } from './build/build-operator.ts';
import { subqueryScope } from './build/scopes.ts';
import { collectMatrix, collectVector } from './collect.ts';
import type { EvalScope } from './context.ts';
import { readRangeSelector } from './read-range-selector.ts';
import type { Operator } from './operator.ts';
import { MergeSeries } from './operators/shape/merge-series.ts';
import { Relabel } from './operators/shape/relabel.ts';
import { readScalar } from './operators/scalar/scalar-steps.ts';

/** Range queries are for scalars and instant vectors. Throws `bad_data` for others. */
export function checkRangeType(expr: Expr): void {
  const type = typeOf(expr);
  if (type === 'scalar' || type === 'vector') return;
  const name = type === 'matrix' ? 'range vector' : type;
  throw new QueryError(
    'bad_data',
    `invalid expression type "${name}" for range query, must be Scalar or instant Vector`,
  );
}

/** Evaluates the whole plan into what the query API shows. */
export async function evaluateRoot(
  root: PlanNode,
  scope: EvalScope,
  isInstant: boolean,
): Promise<QueryValue> {
  const t = scope.grid.start;
  switch (planType(root)) {
    case 'string':
      return root.kind === 'string' ? { kind: 'string', t, value: root.value } : bug('a computed string');
    case 'matrix':
      return { kind: 'matrix', series: await sortedByLabels(await evaluateMatrix(root, scope), scope) };
    case 'scalar': {
      const operator = operatorOf(buildOperators(root, scope));
      if (!isInstant) return { kind: 'matrix', series: await collectMatrix(operator, scope) };
      const values = await readScalar(operator, scope);
      return { kind: 'scalar', t, v: values[0]! };
    }
    case 'vector': {
      const operator = named(operatorOf(buildOperators(root, scope)), scope);
      if (isInstant) return { kind: 'vector', samples: await collectVector(operator, scope) };
      return { kind: 'matrix', series: await sortedByLabels(await collectMatrix(operator, scope), scope) };
    }
  }
}

async function evaluateMatrix(node: PlanNode, scope: EvalScope): Promise<readonly MatrixSeries[]> {
  const root = node.kind === 'stepInvariant' ? node.child : node;
  if (root.kind === 'matrixSelect') return readRangeSelector(root, scope);
  if (root.kind !== 'subquery') return bug(`a range vector from ${root.kind}`);
  const inner = subqueryScope(scope, root);
  if (inner.grid.count === 0) return [];
  const series = await collectMatrix(named(operatorOf(buildOperators(root.child, inner)), inner), inner);
  if (scope.grid.count > 0) scope.counts.add(scope.grid.count - 1, inner.counts.total());
  return series;
}

/** With delayed name removal, the names that no longer fit leave here. */
function named(operator: Operator, scope: EvalScope): Operator {
  if (!scope.query.delayNameRemoval) return operator;
  const renamed = new Relabel(scope.query.pacer, operator, () => ({ labels, dropName }) => ({
    labels: dropName ? withoutMetricIdentity(labels) : labels,
    dropName: false,
  }));
  return new MergeSeries(scope, renamed, 'step');
}

function sortedByLabels(
  series: readonly MatrixSeries[],
  { query }: EvalScope,
): Promise<readonly MatrixSeries[]> {
  return sortPaced(series, (a, b) => compareLabels(a.labels, b.labels), query.pacer);
}
