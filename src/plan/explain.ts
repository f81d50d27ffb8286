import type { TextRange } from '../model/annotations.ts';
import { formatDuration } from '../model/duration.ts';
import type { Matcher } from '../model/matcher.ts';
import type { ValueType, VectorMatching } from '../promql/ast.ts';
import { MAX_LEVELS, tooDeep } from '../promql/nesting.ts';
import { partialText } from './distribute/partial-text.ts';
import { planChildren, planType, type PlanNode, type TimeShift } from './plan-node.ts';
import type { QueryPlan } from './plan-query.ts';
import type { PlannedSelect } from './selects.ts';

/** One node of a plan, as it is shown. */
export interface ExplainedNode {
  /** How far it is below the root, which has 0. */
  readonly level: number;
  /** What it does, on one line. */
  readonly headline: string;
  /**
   * The part of the query that yields the same by itself. Undefined for marks of the planner, and for the selector of a range, whose
   * offset stands behind the range.
   */
  readonly at: TextRange | undefined;
  readonly type: ValueType;
  /** What it fetches, as an index into the plan's selects; undefined where it fetches nothing itself. */
  readonly select: number | undefined;
}

/** The nodes of a plan from the root down, each before its children. Throws `too_large` for a plan deeper than {@link MAX_LEVELS}. */
export function explainNodes({ root }: QueryPlan): readonly ExplainedNode[] {
  const nodes: ExplainedNode[] = [];
  const open: Open[] = [{ node: root, parent: undefined, level: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, level } = next;
    if (level === MAX_LEVELS) throw tooDeep('its plan cannot be shown');
    nodes.push({
      level,
      headline: headlineOf(node),
      at: standsAlone(next) ? node.at : undefined,
      type: planType(node),
      select: node.kind === 'vectorSelect' ? node.select : undefined,
    });
    for (const child of planChildren(node).toReversed())
      open.push({ node: child, parent: node, level: level + 1 });
  }
  return nodes;
}

interface Open {
  readonly node: PlanNode;
  readonly parent: PlanNode | undefined;
  readonly level: number;
}

function standsAlone({ node, parent }: Open): boolean {
  return node.kind !== 'stepInvariant' && parent?.kind !== 'matrixSelect';
}

/**
 * The plan as text: one node a line, children below their parent and further in, then what is fetched. Throws
 * `too_large` as {@link explainNodes} does. `timeText` writes ms since the epoch; as they are where it is left out.
 */
export function explain(plan: QueryPlan, timeText: (ms: number) => string = String): string {
  return [
    ...explainNodes(plan).map(({ level, headline: text }) => '  '.repeat(level) + text),
    ...plan.selects.map((select, i) => describeSelect(select, i, timeText)),
  ].join('\n');
}

/** What a node does, on one line. */
export function headlineOf(node: PlanNode): string {
  switch (node.kind) {
    case 'number':
      return `number ${node.value}`;
    case 'string':
      return `string ${JSON.stringify(node.value)}`;
    case 'vectorSelect': {
      const extent = node.extent === undefined ? '' : ` ${node.extent}`;
      const stats = node.statsOnly ? ' counts and sums' : '';
      return `select #${node.select}${extent}${describeShift(node.shift)}${stats}`;
    }
    case 'matrixSelect':
      return `range ${formatDuration(node.range)}`;
    case 'subquery': {
      const step = node.step === undefined ? 'default' : formatDuration(node.step);
      return `subquery ${formatDuration(node.range)} step ${step}${describeShift(node.shift)}`;
    }
    case 'unary':
      return `unary ${node.op}`;
    case 'binary':
      return `binary ${node.op}${node.returnBool ? ' bool' : ''}${describeMatching(node.matching)}`;
    case 'aggregate': {
      const grouped = node.without || node.grouping.length > 0;
      const grouping = `${node.without ? 'without' : 'by'} (${node.grouping.join(', ')})`;
      return `aggregate ${node.op}${grouped ? ` ${grouping}` : ''}`;
    }
    case 'call':
      return `call ${node.func}`;
    case 'info':
      return `info ${node.matchers === undefined ? 'target_info' : describeMatchers(node.matchers)}`;
    case 'stepInvariant':
      return 'once for all steps';
    case 'merge':
      return 'merge with what servers computed';
    case 'average':
      return 'of series, or of what was merged';
  }
}

function describeShift({ time, offset }: TimeShift): string {
  const at = time === undefined ? '' : ` @ ${time / 1000}`;
  return offset === 0 ? at : `${at} offset ${formatDuration(offset)}`;
}

function describeMatching(matching: VectorMatching | undefined): string {
  if (matching === undefined) return '';
  const { cardinality, on, labels, include, fillLeft, fillRight } = matching;
  const keys = on || labels.length > 0 ? ` ${on ? 'on' : 'ignoring'} (${labels.join(', ')})` : '';
  const taken = include.length > 0 ? ` include (${include.join(', ')})` : '';
  const left = fillLeft === undefined ? '' : ` fill left ${fillLeft}`;
  const right = fillRight === undefined ? '' : ` fill right ${fillRight}`;
  return ` ${cardinality}${keys}${taken}${left}${right}`;
}

function describeSelect(select: PlannedSelect, index: number, timeText: (ms: number) => string): string {
  const { matchers, minTime, maxTime, range, func, exact, partials } = select;
  const parts = [
    `#${index} fetches ${describeMatchers(matchers)} in [${timeText(minTime)}, ${timeText(maxTime)}]`,
    ...(range > 0 ? [`range ${formatDuration(range)}`] : []),
    ...(func === '' ? [] : [`func ${func}`]),
    ...(exact ? ['nothing beyond'] : []),
    ...(partials.length === 0
      ? []
      : [`or asks for ${partials.map((each) => partialText(each, matchers)).join(' and ')}`]),
  ];
  return parts.join(', ');
}

function describeMatchers(matchers: readonly Matcher[]): string {
  return `{${matchers.map(({ name, kind, value }) => `${name}${kind}${JSON.stringify(value)}`).join(', ')}}`;
}
