import { CallLanes } from '../cluster/call-lanes.ts';
import { breakerStatus } from '../cluster/vitals/breaker-status.ts';
import { Vitals } from '../cluster/vitals/vitals.ts';
import { SYSTEM_CLOCK } from '../model/clock.ts';
import { NEVER_LATE } from '../model/lateness.ts';
import type { SelectionContext } from './context.ts';
import { reportCoverage } from './coverage/report-coverage.ts';
import { explainSelect } from './explaining/explain-selection.ts';
import { mergedLabelNames, mergedLabelValues, mergedSeries } from './lists/label-calls.ts';
import { createMergedLists } from './lists/merged-lists.ts';
import { GroupMemory } from './reading/group-memory.ts';
import { requireEverything } from './routing/enforce.ts';
import type { Selection } from './selection.ts';
import { selectChunks } from './series/chunk-set.ts';
import { KnownIntervals } from './series/known-intervals.ts';
import { SharedReads } from './series/shared-reads.ts';
import { Sharers } from './series/sharers.ts';
import { createSource } from './series/select-series.ts';

/**
 * A {@link SelectionContext}; the clock is the system's where none is given, the process is never late, and intervals are
 * learned from the reads.
 */
export type SelectionSettings = Omit<
  SelectionContext,
  'clock' | 'lateness' | 'lanes' | 'vitals' | 'sharers' | 'intervals' | 'groupMemory' | 'sharedReads'
> &
  Partial<Pick<SelectionContext, 'clock' | 'lateness' | 'vitals' | 'intervals'>> & {
    /** Hears of each read that joined an equal one; for metrics. */
    readonly onJoinedRead?: (() => void) | undefined;
  };

/** Offers all endpoints of a topology as one server. */
export function createSelection(settings: SelectionSettings): Selection {
  const { clock = SYSTEM_CLOCK, lateness = NEVER_LATE } = settings;
  const context: SelectionContext = {
    clock,
    lateness,
    vitals: new Vitals(clock, lateness),
    lanes: new CallLanes(),
    sharers: new Sharers(),
    intervals: new KnownIntervals(clock),
    groupMemory: new GroupMemory(),
    sharedReads: new SharedReads(clock, settings.onJoinedRead),
    ...settings,
  };
  return {
    source: (scope) => createSource(pinned(context), scope),
    chunks: (scope, request) => selectChunks(pinned(context), scope, request),
    explain: async (scope, request, limits) => {
      requireEverything(scope.caller, 'how endpoints answer');
      return explainSelect(pinned(context), scope, request, limits);
    },
    series: (scope, request) => mergedSeries(pinned(context), scope, request),
    labelNames: (scope, request) => mergedLabelNames(pinned(context), scope, request),
    labelValues: (scope, label, request) => mergedLabelValues(pinned(context), scope, label, request),
    lists: createMergedLists(context),
    coverage: async (scope, range) => {
      requireEverything(scope.caller, 'what endpoints scraped');
      return reportCoverage(pinned(context), scope, range);
    },
    topology: () => context.topology(),
    status: () => context.status?.() ?? { checkedAt: new Map(), sources: [] },
    breaker: (endpoint) => breakerStatus(endpoint, context.vitals.of(endpoint.backend)),
  };
}

/** A request keeps the endpoints as it found them, however often it asks. */
function pinned(context: SelectionContext): SelectionContext {
  const topology = context.topology();
  return { ...context, topology: () => topology };
}
