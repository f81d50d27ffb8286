import { foldTree } from '../../promql/fold-tree.ts';
import { planChildren, planType, type PlanNode, type UnaryNode } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import type { Operator } from '../operator.ts';
import { Negate } from '../operators/function/negate.ts';
import { Info } from '../operators/info/info.ts';
import type { PartCost } from '../part-meter.ts';
import { Average } from '../operators/merge/average.ts';
import { Merged } from '../operators/merge/merged.ts';
import { onlyItsSteps } from '../operators/merge/only-steps.ts';
import { NO_REACH, RangeWindows } from '../operators/range/range-windows.ts';
import { SubquerySource } from '../operators/range/subquery-source.ts';
import { ScalarSteps } from '../operators/scalar/scalar-steps.ts';
import { VectorSelector } from '../operators/select/vector-selector.ts';
import { Buffered } from '../operators/shape/buffered.ts';
import { Metered } from '../operators/shape/metered.ts';
import { StepInvariant } from '../operators/shape/step-invariant.ts';
import { buildAggregate } from './build-aggregate.ts';
import { buildBinary } from './build-binary.ts';
import { buildCall } from './build-call.ts';
import { buildRangeSelector, buildSmoothedSelector } from './build-range-selector.ts';
import { isUnion, unitedBy } from './union-chain.ts';
import { joined, operatorOf, type Built } from './built.ts';
import { punctual } from '../step-grid.ts';
import { firstStepScope, measuredScope, subqueryScope } from './scopes.ts';

/** A node with the scope in which it is evaluated, and that of its children. */
interface Site {
  readonly node: PlanNode;
  readonly scope: EvalScope;
  readonly inner: EvalScope;
  /** What it costs; undefined where it is not measured by itself. */
  readonly part: PartCost | undefined;
}

/** What became of a node, and how many nodes its calls go through, down to a leaf or a buffer. */
interface Nested extends Built {
  readonly nested: number;
}

/** Operators call each other, so a chain this long is cut by a buffer. */
const MOST_NESTED_CALLS = 200;

/** More steps than a range query may have. Only a subquery has them, and each of its operators then holds large rows. */
const LONG_GRID = 11_001;

/** Makes the operators of a plan. Does not recur, so that the depth of a query costs no stack. */
export function buildOperators(root: PlanNode, scope: EvalScope): Built {
  const top = siteOf(root, scope, scope.query.meter?.partOf(root));
  return foldTree<Site, Nested>(top, sitesBelow, (site, children) => {
    const { query, grid } = site.scope;
    if (grid.count > LONG_GRID) query.budget.reserve(grid.count);
    const built = measured(site, build(site, children));
    const below = children.reduce((most, child) => Math.max(most, child.nested), 0);
    const nested = isNothing(site.node) ? below : below + 1;
    // A range vector passes on to what it is made of, so the function around it is where the chain is cut.
    if (built.operator === undefined || nested < MOST_NESTED_CALLS) return { ...built, nested };
    return { operator: new Buffered(query, built.operator, grid.count), nested: 0 };
  });
}

/** Whether an operator of its own would do nothing: that of the child serves. */
function isNothing(node: PlanNode): boolean {
  return node.kind === 'unary' && node.op === '+';
}

function sitesBelow({ node, inner, part }: Site): readonly Site[] {
  if (node.kind === 'matrixSelect') return [];
  // Where parts are measured each `or` is by itself, and only the first thousand parts are.
  if (part === undefined && isUnion(node))
    return unitedBy(node).map((child) => siteOf(child, inner, undefined));
  return planChildren(node).map((child, i) => siteOf(child, inner, part?.below[i]));
}

function siteOf(node: PlanNode, around: EvalScope, part: PartCost | undefined): Site {
  const scope = part === undefined ? around : measuredScope(around, part);
  return { node, scope, inner: scopeInside(node, scope), part };
}

function measured({ scope, part }: Site, built: Built): Built {
  const { meter } = scope.query;
  if (meter === undefined || part === undefined || built.operator === undefined) return built;
  return { operator: new Metered(built.operator, part, meter) };
}

function scopeInside(node: PlanNode, scope: EvalScope): EvalScope {
  if (node.kind === 'stepInvariant') return firstStepScope(scope);
  return node.kind === 'subquery' ? subqueryScope(scope, node) : scope;
}

function build({ node, scope, inner }: Site, children: readonly Built[]): Built {
  switch (node.kind) {
    case 'string':
      return {};
    case 'number': {
      const { value } = node;
      const { count } = scope.grid;
      return { operator: new ScalarSteps(() => Promise.resolve(new Float64Array(count).fill(value))) };
    }
    case 'vectorSelect':
      if (node.extent === 'smoothed') return { operator: buildSmoothedSelector(node, scope) };
      return { operator: onlyItsSteps(scope, node.select, new VectorSelector(scope, node, 'value')) };
    case 'matrixSelect':
      return { range: buildRangeSelector(node, scope) };
    case 'subquery': {
      const source = new SubquerySource(scope.query.pacer, operatorOf(children[0]), inner.grid);
      const windows = new RangeWindows(punctual(scope.grid), node.shift, node.range, NO_REACH);
      return { range: { source, windows, extent: undefined, inner: inner.counts } };
    }
    case 'unary':
      return { operator: buildUnary(node, scope, children) };
    case 'binary':
      return { operator: buildBinary(node, scope, children.map(operatorOf)) };
    case 'aggregate':
      return { operator: buildAggregate(node, scope, children) };
    case 'call':
      return { operator: buildCall(node, scope, children) };
    case 'info':
      return { operator: new Info(scope, node, operatorOf(children[0])) };
    case 'stepInvariant':
      if (children[0]?.range !== undefined) return children[0];
      return { operator: new StepInvariant(scope, operatorOf(children[0]), inner) };
    case 'merge':
      return { operator: new Merged(scope, node, operatorOf(children[0]), scope.query.notes.at(node.at)) };
    case 'average': {
      const [whole, quotient] = [operatorOf(children[0]), operatorOf(children[1])];
      return { operator: new Average(scope, node.select, whole, quotient) };
    }
  }
}

function buildUnary(node: UnaryNode, scope: EvalScope, children: readonly Built[]): Operator {
  const child = operatorOf(children[0]);
  if (isNothing(node)) return child;
  const negated = new Negate(scope.query, child);
  const isJoined = planType(node.child) === 'vector' && !scope.query.delayNameRemoval;
  return isJoined ? joined(negated, scope, 'step') : negated;
}
