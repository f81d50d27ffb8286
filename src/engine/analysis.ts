import { headlineOf, type ExplainedNode } from '../plan/explain.ts';
import type { QueryPlan } from '../plan/plan-query.ts';
import type { PlannedSelect } from '../plan/selects.ts';
import type { PartCost, PartMeter } from './part-meter.ts';

/** What a part of a query cost, each with all below it. */
export interface AnalyzedPart extends Pick<ExplainedNode, 'level' | 'headline' | 'select'> {
  /**
   * By the clock on the wall: until the slowest select below it had its samples, and in which its rows were made. Parts are evaluated
   * in turns with each other and with other queries, so the times of several do not add up.
   */
  readonly ms: number;
  /** Samples read, summed over the steps at which the part is evaluated. */
  readonly samples: number;
  /** The most that the whole query held while this part was evaluated. */
  readonly peakSamples: number;
}

export interface QueryAnalysis {
  /** Each before those below it. */
  readonly parts: readonly AnalyzedPart[];
  /** What the parts fetch, by their `select`. */
  readonly selects: readonly PlannedSelect[];
  /** Parts that were not measured by themselves. */
  readonly partsNotShown: number;
}

interface Evaluated {
  /** By select: until its samples were there, ms. */
  readonly fetchedMs: readonly number[];
  /** How long the evaluation took after that, ms. */
  readonly ms: number;
  /** What it read, summed over the steps. */
  readonly samples: number;
  /** The most that it held. */
  readonly peakSamples: number;
}

interface Sum {
  evaluateMs: number;
  fetchMs: number;
  samples: number;
  peakSamples: number;
}

/** Adds up what was measured of a query that was evaluated. */
export function analysisOf(plan: QueryPlan, meter: PartMeter, evaluated: Evaluated): QueryAnalysis {
  const { parts, notMeasured } = meter;
  const sums = new Map<PartCost, Sum>(parts.map((part) => [part, ownSum(part, evaluated)]));
  // From the last to the first, so that all below a part are added up before it is.
  for (const part of parts.toReversed()) {
    const around = part.around === undefined ? undefined : sums.get(part.around);
    if (around !== undefined) addBelow(around, part.around!, part, sums.get(part)!);
  }
  return {
    parts: parts.map((part) => analyzed(part, sums.get(part)!, evaluated)),
    selects: plan.selects,
    partsNotShown: notMeasured,
  };
}

function ownSum({ node, ms, samples, peakSamples }: PartCost, { fetchedMs }: Evaluated): Sum {
  const fetchMs = node.kind === 'vectorSelect' ? (fetchedMs[node.select] ?? 0) : 0;
  return { evaluateMs: ms, fetchMs, samples, peakSamples };
}

function addBelow(sum: Sum, around: PartCost, part: PartCost, below: Sum): void {
  // What is no operator, as a subquery is none, takes the time of what it reads.
  sum.evaluateMs = Math.max(sum.evaluateMs, below.evaluateMs);
  sum.fetchMs = Math.max(sum.fetchMs, below.fetchMs);
  sum.peakSamples = Math.max(sum.peakSamples, below.peakSamples);
  // A subquery has steps of its own, and what is evaluated once counts at each step already.
  if (around.node.kind !== 'stepInvariant' && part.node.kind !== 'subquery') sum.samples += below.samples;
}

function analyzed({ node, level }: PartCost, sum: Sum, evaluated: Evaluated): AnalyzedPart {
  // What is no operator, as a range vector is none, is not measured where it is the whole query.
  const { samples, peakSamples } = level === 0 ? evaluated : sum;
  return {
    level,
    headline: headlineOf(node),
    select: node.kind === 'vectorSelect' ? node.select : undefined,
    ms: sum.fetchMs + (level === 0 ? evaluated.ms : sum.evaluateMs),
    samples,
    peakSamples,
  };
}
