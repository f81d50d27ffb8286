import type { ExplanationJson, NodeJson } from '../../src/http/api/explanation.ts';
import type { AnalysisJson, QueryJson } from '../../src/http/api/query.ts';
import { ask, isAbort } from '../api/ask.ts';
import { queryForm, queryPath } from './run-query.ts';
import type { PanelState, TimeSpan } from './panel-state.ts';

/** What came of a part of a query that was evaluated alone. */
export type Measured =
  | {
      readonly kind: 'measured';
      /** The most that it has at one step; absent for scalars. */
      readonly series?: number;
      /** That it looked at, over all steps. */
      readonly samples: number;
      /** How long the gateway took, s. */
      readonly seconds: number;
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** More would take the gateway long, and nobody reads them. */
export const MOST_MEASURED = 50;

/** The parts that have something to measure, as indices; those further in first. */
export function measurableParts({ nodes }: ExplanationJson): readonly number[] {
  const isWorthIt = ({ at, type, level, selector }: NodeJson, i: number): boolean =>
    at !== undefined && type !== 'string' && (selector !== undefined || nodes[i + 1]?.level === level + 1);
  return [...nodes.keys()].filter((i) => isWorthIt(nodes[i]!, i)).toReversed();
}

/** The text of a part, undefined where it is none by itself. */
export function partText({ query }: ExplanationJson, { at }: NodeJson): string | undefined {
  return at === undefined ? undefined : query.slice(at.start, at.end);
}

/** What a part cost while the whole query was evaluated, with all below it. */
export interface Cost {
  /** Until its samples were there, and then until its rows were made, s. */
  readonly seconds: number;
  /** Of the time of the whole query, 0 … 1. */
  readonly share: number;
}

const NOTHING: ReadonlyMap<number, Cost> = new Map();

/** Evaluates the whole query once, and tells what its nodes cost; nothing of one that fails. */
export async function measureWhole(
  { query, nodes }: ExplanationJson,
  panel: PanelState,
  span: TimeSpan,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Cost>> {
  const asked = { ...panel, expr: query };
  // One series is enough, since nobody looks at them.
  const form = { ...queryForm(asked, span), analyze: true, cache: false, limit: 1 };
  try {
    const { data } = await ask<QueryJson>(queryPath(asked), form, { signal, method: 'POST' });
    const parts = data.analysis === undefined ? [] : withThoseBelow(data.analysis);
    // Both tell of the same plan in the same order. If not, nothing is known of which part is which.
    if (!parts.every(({ name }, i) => name.startsWith(nodes[i]?.text ?? '\0'))) return NOTHING;
    const seconds = parts.map(({ executionTime }) => secondsOf(executionTime));
    const whole = Math.max(...seconds) || 1;
    return new Map(seconds.map((each, i) => [i, { seconds: each, share: each / whole }]));
  } catch (error) {
    if (isAbort(error)) throw error;
    return NOTHING;
  }
}

function withThoseBelow(part: AnalysisJson): readonly AnalysisJson[] {
  return [part, ...(part.children ?? []).flatMap(withThoseBelow)];
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9 };

/** A duration as Go writes it, such as `1m2.5s`. */
function secondsOf(duration: string): number {
  const parts = duration.matchAll(/([\d.]+)([a-zµ]+)/gu);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit!] ?? 0), 0);
}

/** Evaluates a part over the times of a panel. What comes back is a count alone, so it is small however many series the part has. */
export async function measurePart(
  part: { readonly text: string; readonly type: NodeJson['type'] },
  panel: PanelState,
  span: TimeSpan,
  signal: AbortSignal,
): Promise<Measured> {
  const asked = { ...panel, expr: countOf(part) };
  // What was kept of an earlier answer would hide what the part costs.
  const form = { ...queryForm(asked, span), stats: true, cache: false };
  try {
    const { data } = await ask<QueryJson>(queryPath(asked), form, { signal, method: 'POST' });
    return {
      kind: 'measured',
      ...(part.type !== 'scalar' && { series: greatestValue(data) }),
      samples: data.stats?.samples.totalQueryableSamples ?? 0,
      seconds: data.stats?.timings.execTotalTime ?? 0,
    };
  } catch (error) {
    if (isAbort(error)) throw error;
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Line breaks keep a comment inside of the part from reaching what is around it. */
function countOf({ text, type }: { readonly text: string; readonly type: NodeJson['type'] }): string {
  switch (type) {
    case 'scalar':
      return `vector(\n${text}\n)`;
    case 'matrix':
      return `count(last_over_time(\n${text}\n))`;
    default:
      return `count(\n${text}\n)`;
  }
}

/** Series that a count told, at the step with the most. */
function greatestValue(data: QueryJson): number {
  if (data.resultType !== 'matrix') return 0;
  return data.result
    .flatMap(({ values = [] }) => values)
    .reduce((most, [, value]) => Math.max(most, Number(value)), 0);
}
