import type { Matcher } from '../model/matcher.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { QueryWindow } from './durations.ts';
import { foldTree } from '../promql/fold-tree.ts';
import { partialText } from './distribute/partial-text.ts';
import { pushableSelector } from './distribute/pushable.ts';
import {
  planChildren,
  withChildren,
  type AggregateNode,
  type PlanNode,
  type SubqueryNode,
  type VectorSelectNode,
} from './plan-node.ts';

/** What to fetch for one or more equal selectors of a query. */
export interface PlannedSelect extends TimeRange {
  readonly matchers: readonly Matcher[];
  /** Length of the range selector, ms; 0 for instant vectors, and where functions are not distinguished. */
  readonly range: number;
  /**
   * Nearest function or aggregation around the selector, without a binary operator between them; empty where there is none
   * and where functions are not distinguished.
   */
  readonly func: string;
  /**
   * For so long before the first step that reads it, only the newest sample of a series is needed, ms; 0 where all are. It is the
   * least of those that share the select.
   */
  readonly lookback: number;
  /** Steps look beyond [minTime, maxTime] and should find nothing there. */
  readonly exact: boolean;
  /** Aggregations of which parts serve as well as the series; none where something else reads these. */
  readonly partials: readonly AggregateNode[];
}

/** What decides how much a selector reads; ms. */
export interface SelectSettings {
  readonly lookbackDelta: number;
  readonly noStepSubqueryInterval: number;
  /** What comes back depends on the function and its range: selectors in different ones share no select. */
  readonly distinguishFunctions?: boolean | undefined;
  /** Most selects of one query; undefined means no limit. */
  readonly mostSelects?: number | undefined;
  /** Whether servers may compute parts of aggregations. */
  readonly distribute?: boolean | undefined;
}

/** What lies between a node and the root. */
interface Path {
  readonly node: PlanNode;
  /** Sums over the subqueries around, begun anew by each `@`. */
  readonly offset: number;
  readonly range: number;
  readonly time: number | undefined;
  readonly matrixRange: number;
  readonly func: string;
  /** Function directly around the node. */
  readonly directFunc: string;
  /** What parts may stand for: an aggregation around, or an average, which asks for none itself. */
  readonly merged: AggregateNode | 'average' | undefined;
}

/** Of `x @ t offset o` these read at t what was fetched for t - o. */
const READ_AT_TIME: ReadonlySet<string> = new Set(['timestamp', 'start_timestamp']);

/**
 * Decides what each selector fetches (Prometheus `getTimeRangesForSelector`). Selectors of the same series and range share
 * one select, whatever the order of their matchers, unless their functions are distinguished.
 */
export function assignSelects(
  root: PlanNode,
  window: QueryWindow,
  settings: SelectSettings,
): { readonly root: PlanNode; readonly selects: readonly PlannedSelect[] } {
  const selects: PlannedSelect[] = [];
  const known = new Map<string, number>();
  const indexOf = (select: PlannedSelect): number => {
    const key = JSON.stringify({ ...select, lookback: 0, matchers: inOrder(select.matchers) });
    const index = known.get(key) ?? selects.push(select) - 1;
    known.set(key, index);
    const shared = selects[index]!;
    selects[index] = { ...shared, lookback: Math.min(shared.lookback, select.lookback) };
    return index;
  };
  const top: Path = {
    node: root,
    offset: 0,
    range: 0,
    time: undefined,
    matrixRange: 0,
    func: '',
    directFunc: '',
    merged: undefined,
  };
  const parts = new SelectParts();
  const assigned = foldTree<Path, PlanNode>(
    top,
    (path) => planChildren(path.node).map((child) => pathTo(child, path)),
    (path, children) => {
      const { node, merged } = path;
      if (node.kind !== 'vectorSelect') return withSelect(withChildren(node, children), parts);
      const select = indexOf(selectOf(node, path, window, settings));
      if (merged === undefined) parts.readWhole(select);
      return { ...node, select };
    },
  );
  return { root: assigned, selects: selects.map((select, i) => ({ ...select, partials: parts.of(i) })) };
}

/** Tells what is merged of which select its parts are. */
function withSelect(node: PlanNode, parts: SelectParts): PlanNode {
  if (node.kind === 'average') return { ...node, select: pushableSelector(node.whole.child)!.select };
  if (node.kind !== 'merge') return node;
  const { select } = pushableSelector(node.child.child)!;
  return { ...node, select, partial: parts.add(select, node.child) };
}

/** So many different parts of one select are asked for at most; of more, its series are read. */
const MOST_PARTS = 8;

/** The parts of aggregations that may be asked for in the place of each select. */
class SelectParts {
  /** By their text. */
  readonly #parts = new Map<number, Map<string, AggregateNode>>();
  readonly #whole = new Set<number>();

  /** Something reads the series of a select themselves, so they are there for all. */
  readWhole(select: number): void {
    this.#whole.add(select);
  }

  /** The number of a part among those of a select; the same for equal ones. */
  add(select: number, part: AggregateNode): number {
    if (this.#whole.has(select)) return -1;
    const known = this.#parts.get(select) ?? new Map<string, AggregateNode>();
    this.#parts.set(select, known);
    const text = partialText(part, []);
    if (!known.has(text)) known.set(text, part);
    if (known.size > MOST_PARTS) this.readWhole(select);
    return [...known.keys()].indexOf(text);
  }

  of(select: number): readonly AggregateNode[] {
    return this.#whole.has(select) ? [] : [...(this.#parts.get(select)?.values() ?? [])];
  }
}

function pathTo(node: PlanNode, parent: Path): Path {
  const above = parent.node;
  const here: Path = { ...parent, node, matrixRange: 0, directFunc: '' };
  switch (above.kind) {
    case 'subquery':
      return insideSubquery(here, above);
    case 'matrixSelect':
      return { ...here, matrixRange: above.range };
    case 'aggregate':
      return { ...here, func: above.op };
    case 'merge':
      return { ...here, merged: above.child };
    case 'average':
      return { ...here, merged: 'average' };
    case 'call':
      return { ...here, func: above.func, directFunc: above.func };
    case 'info':
      return { ...here, func: 'info' };
    case 'binary':
      return { ...here, func: '' };
    case 'number':
    case 'string':
    case 'vectorSelect':
    case 'unary':
    case 'stepInvariant':
      return here;
  }
}

function insideSubquery(here: Path, { shift, range }: SubqueryNode): Path {
  return shift.time === undefined
    ? { ...here, offset: here.offset + shift.offset, range: here.range + range }
    : { ...here, offset: shift.offset, range, time: shift.time };
}

function selectOf(
  node: VectorSelectNode,
  path: Path,
  window: QueryWindow,
  { lookbackDelta, distinguishFunctions = false }: SelectSettings,
): PlannedSelect {
  const { shift, extent, matchers } = node;
  let minTime = path.time ?? window.start;
  let maxTime = path.time ?? window.end;
  if (shift.time === undefined) {
    minTime -= path.offset + path.range;
    maxTime -= path.offset;
  } else {
    minTime = shift.time;
    maxTime = shift.time;
  }
  // Windows are open on the left, hence the 1 ms.
  const isMatrix = path.matrixRange > 0;
  const reachesBack = isMatrix && extent === undefined ? 0 : lookbackDelta;
  minTime -= path.matrixRange + reachesBack - 1 + shift.offset;
  maxTime += (extent === 'smoothed' ? lookbackDelta : 0) - shift.offset;
  const looksElsewhere = shift.inParameter || (shift.offset !== 0 && READ_AT_TIME.has(path.directFunc));
  const readsLate = path.time !== undefined || path.offset !== 0;
  const exact = shift.time !== undefined && ((!isMatrix && looksElsewhere) || readsLate);
  const range = distinguishFunctions ? path.matrixRange : 0;
  const func = distinguishFunctions ? path.func : '';
  const lookback = isMatrix || extent !== undefined ? 0 : lookbackDelta;
  return { matchers, minTime, maxTime, range, func, lookback, exact, partials: [] };
}

function inOrder(matchers: readonly Matcher[]): readonly string[] {
  return matchers.map(({ name, kind, value }) => JSON.stringify([name, kind, value])).sort();
}
