import { readGivingWay, type SelectHints, type SelectRequest } from '../../engine/series-source.ts';
import { AnnotationSink, type Annotation } from '../../model/annotations.ts';
import { QueryError } from '../../model/errors.ts';
import { atMost } from '../../model/fair-queue.ts';
import type { Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { Pacer } from '../../model/pacer.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { appendWithin, SampleBuffer, type SampleColumns } from '../../model/sample-columns.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { ChunkSet } from '../../select/series/chunk-set.ts';
import { sampleLimitOf } from '../limits/sample-limit.ts';
import type { GatewayContext } from '../parts.ts';
import { requireFewMatchers, requirePatterns } from '../request-limits.ts';
import { observedRaw } from './observed-raw.ts';
import { rawScope } from './select-raw.ts';

/** One query of a read: all of its matchers must hold. Times in ms since the epoch, both inclusive. */
export interface RawQuery extends TimeRange {
  /** Without any it selects nothing, as in Prometheus. */
  readonly matchers: readonly Matcher[];
  readonly hints?: SelectHints | undefined;
}

/** Where the samples of a read go. What is added is not kept beyond the call. */
export interface SampleSink {
  addSeries(series: { readonly labels: Labels; readonly columns: SampleColumns }): void;
  endQuery(): void;
  /** What it holds, bytes. */
  readonly bytes: number;
}

/** The series of each query as chunks. */
export interface ReadChunks {
  readonly sets: readonly ChunkSet[];
  /** What is known so far: all there is once each series was read, or where that was done before. */
  readonly annotations: readonly Annotation[];
}

const NOTHING: ChunkSet = { series: [], annotations: [] };

/**
 * Selects deduplicated series as chunks, which are read while they are sent. Where the caller takes an answer in part they are
 * read once before, unless it can be told later what they lack; where it takes none, `read()` throws that.
 * @param isToldLate whether what turns out to be missing while they are read can be told behind them.
 */
export async function readChunks(
  parts: GatewayContext,
  scope: RequestScope,
  queries: readonly RawQuery[],
  isToldLate: boolean = false,
): Promise<ReadChunks> {
  return reading(parts, scope, queries, async (bounded) => {
    const inTurn = atMost(parts.limits.maxConcurrentSelects);
    const sets = await Promise.all(
      queries.map(async (query) =>
        selectsNothing(query)
          ? NOTHING
          : inTurn(bounded.signal, () => parts.selection.chunks(bounded, requestOf(bounded, query))),
      ),
    );
    if (bounded.options.partialResponse && !isToldLate) {
      const pacer = new Pacer(bounded);
      for (const { series } of sets) await pacer.forEach(series, (each) => void each.read());
    }
    return {
      sets,
      get annotations() {
        const sink = new AnnotationSink();
        for (const { annotations } of sets) sink.addAll(annotations);
        return sink.list();
      },
    };
  });
}

/**
 * Reads deduplicated samples into a sink, query by query, series sorted by labels. All is read when it resolves.
 * @throws QueryError `bad_data` for a query with more samples than the server allows.
 */
export async function readSamples(
  parts: GatewayContext,
  scope: RequestScope,
  queries: readonly RawQuery[],
  sink: SampleSink,
): Promise<{ readonly annotations: readonly Annotation[] }> {
  return reading(parts, scope, queries, async (bounded) => {
    const annotations = new AnnotationSink();
    for (const query of queries) {
      if (!selectsNothing(query)) annotations.addAll(await readInto(parts, bounded, query, sink));
      sink.endQuery();
    }
    return { annotations: annotations.list() };
  });
}

async function readInto(
  { selection, limits }: GatewayContext,
  scope: RequestScope,
  query: RawQuery,
  sink: SampleSink,
): Promise<readonly Annotation[]> {
  const { budget, signal } = scope;
  const own = sampleLimitOf(scope.caller.limits);
  const heldBefore = budget.held;
  const sinkBefore = sink.bytes;
  const { series, annotations } = await selection.source(scope).select(requestOf(scope, query), signal);
  const [all, inside] = [new SampleBuffer(), new SampleBuffer()];
  let samples = 0;
  const pacer = new Pacer(scope);
  for (const one of series) {
    if (pacer.due()) await pacer.breathe();
    const reading = readGivingWay(one, all, pacer);
    if (reading !== undefined) await reading;
    inside.clear();
    appendWithin(inside, all, query.minTime, query.maxTime);
    if (inside.length === 0) continue;
    samples += inside.length;
    if (own !== undefined && samples > own.most) throw own.refuse(samples);
    requireFewSamples(samples, limits.readSamples);
    const bytes = sink.bytes;
    sink.addSeries({ labels: one.labels, columns: inside });
    budget.take(sink.bytes - bytes);
  }
  // What was selected is garbage now. Until the answer was sent, the sink is all that stays of it.
  budget.give(budget.held - heldBefore - (sink.bytes - sinkBefore));
  return annotations;
}

/** Runs a read in its turn. Samples are raw, whatever the caller says. */
async function reading<T extends { readonly annotations: readonly Annotation[] }>(
  parts: GatewayContext,
  scope: RequestScope,
  queries: readonly RawQuery[],
  work: (scope: RequestScope) => Promise<T>,
): Promise<T> {
  requireFewMatchers(queries, 'queries');
  for (const { matchers } of queries) requireFewMatchers(matchers, 'matchers in a query');
  requirePatterns(queries.flatMap(({ matchers }) => matchers));
  // Nobody is asked for anything, and there are no times that could be told.
  if (queries.length === 0) return work(rawScope(scope));
  const range = {
    minTime: Math.min(...queries.map(({ minTime }) => minTime)),
    maxTime: Math.max(...queries.map(({ maxTime }) => maxTime)),
  };
  const matcherSets = queries.map(({ matchers }) => matchers);
  return observedRaw(parts, scope, 'read', matcherSets, range, (bounded) => work(rawScope(bounded)));
}

function selectsNothing({ matchers, minTime, maxTime }: RawQuery): boolean {
  return matchers.length === 0 || maxTime < minTime;
}

/** Mode `penalty` alone chooses samples by what becomes of them. */
function requestOf(
  { options }: RequestScope,
  { matchers, minTime, maxTime, hints = NO_HINTS }: RawQuery,
): SelectRequest {
  return { matchers, minTime, maxTime, hints: options.dedupMode === 'penalty' ? hints : NO_HINTS };
}

const NO_HINTS: SelectHints = { range: 0, func: '' };

/** As Prometheus says it (storage/remote/codec.go, `ToQueryResult`), and what to do. */
function requireFewSamples(samples: number, most: number): void {
  if (most === 0 || samples <= most) return;
  throw new QueryError(
    'bad_data',
    `exceeded sample limit (${most}) (--storage.remote.read-sample-limit); ` +
      'select fewer series or a shorter range, or accept streamed chunks, which have no such limit',
  );
}
