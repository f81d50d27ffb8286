import { quoteRegex } from '../../../promql/match/quote-regex.ts';
import { METRIC_NAME, labelValue, type Labels } from '../../../model/labels.ts';
import type { Matcher } from '../../../model/matcher.ts';
import { planChildren, type InfoNode, type PlanNode, type TimeShift } from '../../../plan/plan-node.ts';
import { compileMatcher } from '../../../promql/match/compile.ts';
import type { EvalScope } from '../../context.ts';
import type { SelectRequest } from '../../series-source.ts';

/** The labels that tie an info series to the series of its target; hard-wired as in Prometheus. */
export const IDENTIFYING_LABELS: readonly string[] = ['instance', 'job'];

const TARGET_INFO: Matcher = { kind: '=', name: METRIC_NAME, value: 'target_info' };
const ANY_INFO: Matcher = { kind: '=~', name: METRIC_NAME, value: '.+_info' };

/** What the second argument of info() asks for. */
export interface InfoMatchers {
  /** Matchers of the info metric's name; never empty. */
  readonly names: readonly Matcher[];
  /** Matchers of the labels to add. Where there are any, only these labels are added. */
  readonly data: readonly Matcher[];
}

export function infoMatchers({ matchers = [] }: InfoNode): InfoMatchers {
  const names = matchers.filter(({ name }) => name === METRIC_NAME);
  const data = matchers.filter(({ name }) => name !== METRIC_NAME);
  if (names.length === 0) return { names: [TARGET_INFO], data };
  const isPositive = names.some(({ kind }) => kind === '=' || kind === '=~');
  return { names: isPositive ? names : [ANY_INFO, ...names], data };
}

/** Whether a series is an info series itself, which gets no labels added. */
export function isInfoSeries({ names }: InfoMatchers): (labels: Labels) => boolean {
  const tests = names.map(compileMatcher);
  return (labels) => tests.every((matches) => matches(labelValue(labels, METRIC_NAME)));
}

/** The select for the info series of the given series; undefined where these have no identifying label. */
export function infoRequest(
  node: InfoNode,
  scope: EvalScope,
  matchers: InfoMatchers,
  series: readonly Labels[],
): SelectRequest | undefined {
  const identity = IDENTIFYING_LABELS.flatMap((name): Matcher[] => {
    const values = new Set(series.map((labels) => labelValue(labels, name)));
    values.delete('');
    return values.size === 0 ? [] : [{ kind: '=~', name, value: [...values].map(quoteRegex).join('|') }];
  });
  if (identity.length === 0) return undefined;
  const { grid, query } = scope;
  const { time, offset } = firstShift(node.child);
  return {
    matchers: [...identity, ...matchers.data, ...matchers.names],
    minTime: (time ?? grid.start) - (query.lookbackDelta - 1) - offset,
    maxTime: (time ?? grid.end) - offset,
    hints: { range: 0, func: 'info' },
  };
}

/** The time shift of the leftmost selector or subquery: that of the info series follows it. */
function firstShift(root: PlanNode): TimeShift {
  const open: PlanNode[] = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'vectorSelect' || node.kind === 'subquery') return node.shift;
    open.push(...planChildren(node).toReversed());
  }
  return { time: undefined, offset: 0, inParameter: false };
}
