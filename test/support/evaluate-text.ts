import type { QueryAnswer, QueryValue } from '../../src/engine/answer.ts';
import { evaluate, type EngineOptions, type EngineQuery } from '../../src/engine/evaluate.ts';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import { SYSTEM_CLOCK } from '../../src/model/clock.ts';
import { formatMetric } from '../../src/model/format-labels.ts';
import { ALL_FEATURES } from '../../src/promql/features.ts';
import { parse } from '../../src/promql/parse.ts';

export const OPTIONS: EngineOptions = {
  lookbackDelta: 300_000,
  maxSamples: 50_000_000,
  features: ALL_FEATURES,
  clock: SYSTEM_CLOCK,
  noStepSubqueryInterval: 60_000,
  perStepStats: true,
};

/** Times in ms; `end` and `step` make a range query. */
export interface Times {
  readonly start: number;
  readonly end?: number;
  readonly step?: number;
}

/** Parses and evaluates; times in ms. */
export async function answerOf(
  text: string,
  source: SeriesSource,
  times: Times,
  { memory, ...options }: Partial<EngineOptions> & Pick<EngineQuery, 'memory'> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<QueryAnswer> {
  const { start, end = start, step = 0 } = times;
  const query = { text, expr: parse(text, ALL_FEATURES), start, end, step, memory };
  return evaluate(query, source, { ...OPTIONS, ...options }, signal);
}

/** The value as lines of text: `name{labels} value@ms …`, histograms as `h(count)`. */
export async function linesOf(
  text: string,
  source: SeriesSource,
  times: Times,
  options: Partial<EngineOptions> = {},
): Promise<readonly string[]> {
  return describeValue((await answerOf(text, source, times, options)).value);
}

export function describeValue(value: QueryValue): readonly string[] {
  switch (value.kind) {
    case 'scalar':
      return [`${value.v}@${value.t}`];
    case 'string':
      return [`${value.value}@${value.t}`];
    case 'vector':
      return value.samples.map(
        ({ labels, v, h, t }) => `${formatMetric(labels)} ${h === undefined ? v : `h(${h.count})`}@${t}`,
      );
    case 'matrix':
      return value.series.map(({ labels, columns: { t, v, h, length } }) => {
        const points = Array.from({ length }, (_, i) => {
          const histogram = h?.at(i);
          return `${histogram === undefined ? v[i] : `h(${histogram.count})`}@${t[i]}`;
        });
        return [formatMetric(labels), ...points].join(' ');
      });
  }
}
