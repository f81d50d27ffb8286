import { foldTree } from '../promql/fold-tree.ts';
import { planChildren, withChildren, type PlanNode } from './plan-node.ts';

/** Functions that read nothing of a histogram but its count and sum. */
const READ_TOTALS: ReadonlySet<string> = new Set(['histogram_count', 'histogram_sum', 'histogram_avg']);

const READ_BUCKETS: ReadonlySet<string> = new Set([
  'histogram_quantile',
  'histogram_quantiles',
  'histogram_fraction',
]);

interface Site {
  readonly node: PlanNode;
  readonly totalsWanted: boolean;
  readonly bucketsNeeded: boolean;
}

/**
 * Marks the selectors of which only counts and sums of histograms are wanted. Subqueries and trims need the buckets,
 * whatever is around them (Prometheus `detectHistogramStatsDecoding`).
 */
export function markHistogramStats(root: PlanNode): PlanNode {
  const site = { node: root, totalsWanted: false, bucketsNeeded: false };
  return foldTree<Site, PlanNode>(site, sitesBelow, marked);
}

function sitesBelow(site: Site): readonly Site[] {
  const { node } = site;
  const func = node.kind === 'call' ? node.func : '';
  const trims = node.kind === 'binary' && (node.op === '</' || node.op === '>/');
  const totalsWanted = site.totalsWanted || READ_TOTALS.has(func);
  const bucketsNeeded = site.bucketsNeeded || READ_BUCKETS.has(func) || trims || node.kind === 'subquery';
  return planChildren(node).map((child) => ({ node: child, totalsWanted, bucketsNeeded }));
}

function marked({ node, totalsWanted, bucketsNeeded }: Site, children: readonly PlanNode[]): PlanNode {
  if (node.kind === 'vectorSelect') return { ...node, statsOnly: totalsWanted && !bucketsNeeded };
  return withChildren(node, children);
}
