import type { NotedList } from '../../src/model/annotations.ts';
import type { QueryAnswer, QueryValue } from '../../src/engine/answer.ts';
import type { GatewayParts } from '../../src/gateway/parts.ts';
import { bug } from '../../src/model/errors.ts';
import { MemoryCeiling } from '../../src/model/memory-ceiling.ts';
import type { Timers } from '../../src/model/timers.ts';
import { NO_FEATURES } from '../../src/promql/features.ts';
import type { MergedLists } from '../../src/select/lists/merged-lists.ts';
import type { Selection } from '../../src/select/selection.ts';
import { ROOMY } from '../support/limits.ts';

/** Timers that go off only when the test says so. */
export class ManualTimers implements Timers {
  readonly pending: { readonly ms: number; readonly callback: () => void }[] = [];

  after(ms: number, callback: () => void): () => void {
    const entry = { ms, callback };
    this.pending.push(entry);
    return () => {
      const at = this.pending.indexOf(entry);
      if (at !== -1) this.pending.splice(at, 1);
    };
  }

  /** Fires all timers, or those of one delay. */
  goOff(ms?: number): void {
    const due = this.pending.filter((entry) => ms === undefined || entry.ms === ms);
    for (const entry of due) {
      this.pending.splice(this.pending.indexOf(entry), 1);
      entry.callback();
    }
  }
}

export function answerOf(value: QueryValue): QueryAnswer {
  return {
    value,
    annotations: [],
    stats: {
      totalQueryableSamples: 9,
      peakSamples: 9,
      perStep: undefined,
      timings: { prepare: 0, select: 0, evaluate: 0, total: 0 },
    },
  };
}

export const ANSWER: QueryAnswer = answerOf({ kind: 'scalar', t: 0, v: 1 });

export function listOf<T>(...items: readonly T[]): NotedList<T> {
  return { items, annotations: [] };
}

const notExpected = (): never => bug('the test did not expect this call');

/** Operations of which only the given ones may be called. */
export function listsOf(given: Partial<MergedLists>): MergedLists {
  return {
    rules: notExpected,
    targets: notExpected,
    alertmanagers: notExpected,
    metadata: notExpected,
    targetMetadata: notExpected,
    exemplars: notExpected,
    tsdbStatistics: notExpected,
    ...given,
  };
}

export function selectionOf(selection: Partial<Selection>): Selection {
  return {
    source: () => ({ select: notExpected }),
    chunks: notExpected,
    explain: notExpected,
    coverage: notExpected,
    series: notExpected,
    labelNames: notExpected,
    labelValues: notExpected,
    lists: listsOf({}),
    topology: notExpected,
    status: notExpected,
    breaker: () => ({ state: 'closed', since: undefined, reason: undefined, usualMs: undefined }),
    ...selection,
  };
}

export function partsOf(parts: Partial<GatewayParts>): GatewayParts {
  return {
    selection: selectionOf({}),
    features: NO_FEATURES,
    evaluate: async () => ANSWER,
    planning: { lookbackDelta: 300_000, noStepSubqueryInterval: 60_000 },
    limits: ROOMY,
    ceiling: new MemoryCeiling(0),
    defaults: { dedup: true, dedupMode: 'gap-aware', replicaLabels: ['__replica__'], partialResponse: true },
    clock: { now: () => 0, monotonic: () => 0 },
    timers: { after: () => () => undefined },
    ...parts,
  };
}
