import { labelValue, mergeLabels } from '../../model/labels.ts';
import type { Labels } from '../../model/labels.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import type { CallScope } from '../../model/request-scope.ts';
import { OverlaidSeries } from '../../wire/batch/label-overlay.ts';
import type { SeriesTaker } from '../../wire/batch/lists/series-taker.ts';
import type { RawSeriesSet } from '../backend.ts';
import { layOver } from '../lay-over.ts';
import { answerPacer } from '../pace.ts';

/** External labels of one endpoint, and which value counts where a series carries such a name itself. */
export interface Externals {
  readonly labels: Labels;
  /** Set in our configuration: then they replace what the server adds to its remote-read answers. */
  readonly configured: boolean;
}

/**
 * Adds external labels. As in Prometheus (storage/remote/codec.go, MergeLabels) a series' own label wins, unless the
 * external ones were configured here.
 */
export function withExternals(labels: Labels, externals: Externals): Labels {
  if (hasAll(labels, externals.labels)) return labels;
  return externals.configured ? mergeLabels(labels, externals.labels) : mergeLabels(externals.labels, labels);
}

/** Adds external labels to all series of an answer, which is changed. */
export async function seriesWithExternals(
  set: RawSeriesSet,
  { labels, configured }: Externals,
  scope: CallScope,
): Promise<RawSeriesSet> {
  if (labels.length > 0) await layOver(set.series, labels, configured ? 'extra' : 'series', scope);
  return set;
}

/** The same to all series of a list. */
export async function listWithExternals(
  items: ItemList<Labels>,
  externals: Externals,
  scope: CallScope,
): Promise<ItemList<Labels>> {
  return answerPacer(scope).map(items, (labels) => withExternals(labels, externals));
}

/** The same to all series on their way to a taker. */
export function takerWithExternals(taker: SeriesTaker, { labels, configured }: Externals): SeriesTaker {
  return labels.length === 0 ? taker : new OverlaidSeries(taker, labels, configured ? 'extra' : 'series');
}

/** True for remote read of a Prometheus, which has added them already. */
function hasAll(labels: Labels, externals: Labels): boolean {
  for (let i = 0; i < externals.length; i += 2)
    if (labelValue(labels, externals[i]!) !== externals[i + 1]) return false;
  return true;
}
