import { readGivingWay } from '../../engine/series-source.ts';
import type { Annotation } from '../../model/annotations.ts';
import { QueryError } from '../../model/errors.ts';
import type { Labels } from '../../model/labels.ts';
import { inTurns, Pacer, type Pace } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { SampleBuffer, samplesWithin, type SampleColumns } from '../../model/sample-columns.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { GatewayContext } from '../parts.ts';
import { observedRaw } from './observed-raw.ts';
import { matcherSetsOf, type RawSet, selectRaw } from './select-raw.ts';

/** Times in ms since the epoch, both inclusive. */
export interface ExportQuery extends TimeRange {
  /** A series must match one of them. */
  readonly selectors: readonly string[];
}

/** A series with its samples in the range, of which there is one at least. They are gone when the next series is asked for. */
export interface ExportedSeries {
  readonly labels: Labels;
  readonly columns: SampleColumns;
}

export interface Export {
  /** Sorted by labels. Before a long one comes a promise: whoever asks for more waits for it before. */
  readonly series: Iterable<ExportedSeries | Promise<void>>;
  readonly annotations: readonly Annotation[];
}

/**
 * The samples of series as they are after deduplication, stale markers included. All series are read once before it resolves, because
 * nothing can be said of what is missing once they are sent; then each is read again when its turn has come.
 */
export async function exportSamples(
  parts: GatewayContext,
  scope: RequestScope,
  { selectors, minTime, maxTime }: ExportQuery,
): Promise<Export> {
  const matcherSets = matcherSetsOf(selectors, parts.features);
  if (maxTime < minTime) throw new QueryError('bad_data', 'end timestamp must not be before start time');
  const range = { minTime, maxTime };
  return observedRaw(parts, scope, 'export', matcherSets, range, async (bounded, running) => {
    const set = await selectRaw(parts, bounded, { matcherSets, ...range });
    running.enter('evaluate');
    bounded.budget.take(set.series.length);
    const hasSamples = new Uint8Array(set.series.length);
    const reader = new RangeReader(set, range);
    const pacer = new Pacer(bounded);
    for (let place = 0; place < set.series.length; place++) {
      if (pacer.due()) await pacer.breathe();
      const reading = reader.read(place, pacer);
      if (reading !== undefined) await reading;
      hasSamples[place] = reader.columns().length > 0 ? 1 : 0;
    }
    return { series: seriesOf(set, reader, hasSamples, inTurns(scope)), annotations: set.annotations() };
  });
}

/** What has no samples is passed over unread, so that no long time passes without a byte. */
function* seriesOf(
  set: RawSet,
  reader: RangeReader,
  hasSamples: Uint8Array,
  pace: Pace,
): Generator<ExportedSeries | Promise<void>> {
  for (const [place, has] of hasSamples.entries()) {
    if (has === 0) continue;
    const reading = reader.read(place, pace);
    if (reading !== undefined) yield reading;
    yield { labels: set.series.at(place)!.labels, columns: reader.columns() };
  }
}

/** Reads series into the same two buffers. */
class RangeReader {
  readonly #set: RawSet;
  readonly #range: TimeRange;
  readonly #all = new SampleBuffer();
  readonly #inside = new SampleBuffer();

  constructor(set: RawSet, range: TimeRange) {
    this.#set = set;
    this.#range = range;
  }

  /** Reads a series; what comes back has to be waited for. */
  read(place: number, pace: Pace): void | Promise<void> {
    return readGivingWay(this.#set.series.at(place)!, this.#all, pace);
  }

  /** What was read last, of the range. */
  columns(): SampleColumns {
    return samplesWithin(this.#all, this.#range.minTime, this.#range.maxTime, this.#inside);
  }
}
