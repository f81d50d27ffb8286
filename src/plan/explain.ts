import { formatDuration } from '../model/duration.ts';
import type { Matcher } from '../model/matcher.ts';
import type { VectorMatching } from '../promql/ast.ts';
import { MAX_LEVELS, tooDeep } from '../promql/nesting.ts';
import { partialText } from './distribute/partial-text.ts';
import { planChildren, type PlanNode, type TimeShift } from './plan-node.ts';
import type { QueryPlan } from './plan-query.ts';
import type { PlannedSelect } from './selects.ts';

/**
 * The plan as text: one node a line, children below their parent and further in, then what is fetched. Throws
 * `too_large` for a plan deeper than {@link MAX_LEVELS}. `timeText` writes ms since the epoch; as they are where it is left out.
 */
export function explain(plan: QueryPlan, timeText: (ms: number) => string = String): string {
  const lines: string[] = [];
  const open: { readonly node: PlanNode; readonly level: number }[] = [{ node: plan.root, level: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, level } = next;
    if (level === MAX_LEVELS) throw tooDeep('its plan cannot be shown');
    lines.push('  '.repeat(level) + headline(node));
    for (const child of planChildren(node).toReversed()) open.push({ node: child, level: level + 1 });
  }
  return [...lines, ...plan.selects.map((select, i) => describeSelect(select, i, timeText))].join('\n');
}

function headline(node: PlanNode): string {
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
