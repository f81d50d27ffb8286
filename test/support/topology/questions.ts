import assert from 'node:assert/strict';
import { callApi, queryInstant } from '../api-client.ts';
import type { ExplanationJson } from '../../../src/http/api/explanation.ts';
import { until } from '../until.ts';

const PATIENCE_MS = 30_000;

/** A query and its right answer. */
export interface Question {
  readonly ask: string;
  /** More parameters of the call. */
  readonly by?: Readonly<Record<string, string | boolean | number>>;
  /** The values by the values of their labels, in the order of the names of the labels. */
  readonly values: Values;
  /** What the warning says; there is none where it is left out. */
  readonly warns?: RegExp;
}

type Values = Readonly<Record<string, string>>;

/** Asks each question and compares everything of the answers. */
export async function answerAll(url: string, questions: readonly Question[]): Promise<void> {
  for (const { ask, by = {}, values, warns } of questions) {
    const { status, data, error, warnings = [] } = await queryInstant(url, ask, by);
    assert.equal(status, 'success', `${ask}: ${error}`);
    assert.deepEqual(toValues(data.result), values, ask);
    if (warns === undefined) assert.deepEqual(warnings, [], ask);
    else assert.match(warnings.join('\n'), warns, ask);
  }
}

/** Waits until a query has this answer, with or without warnings. */
export async function untilAnswered(
  url: string,
  { ask, by = {}, values }: Omit<Question, 'warns'>,
): Promise<void> {
  let last = '';
  const expected = JSON.stringify(values);
  await until(`${url} answered ${ask} with ${expected}`, PATIENCE_MS, async () => {
    const { status, data, error } = await queryInstant(url, ask, by);
    last = status === 'success' ? JSON.stringify(toValues(data.result)) : String(error);
    return last === expected;
  }).catch((thrown: Error) => {
    throw new Error(`${thrown.message}; the last answer was ${last}`);
  });
}

/** The longest time without a sample of each series, by instance or labels, in seconds, within the last so many seconds that a selector has. */
export async function longestGaps(url: string, matrix: string): Promise<ReadonlyMap<string, number>> {
  const { data, warnings } = await queryInstant(url, matrix);
  assert.equal(warnings, undefined, matrix);
  const series = data.result as unknown as readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly values: readonly (readonly [time: number, value: string])[];
  }[];
  return new Map(
    series.map(({ metric, values }) => {
      const spacings = values.slice(1).map(([time], i) => time - values[i]![0]);
      return [metric['instance'] ?? JSON.stringify(metric), Math.max(...spacings)];
    }),
  );
}

/** The addresses of the endpoints that were asked for a query. */
export async function askedFor(url: string, query: string): Promise<readonly string[]> {
  const { data } = await callApi<ExplanationJson>(url, 'explain', { query });
  const endpoints = data.selectors.flatMap(({ shards }) => shards.flatMap((shard) => shard.endpoints));
  return endpoints
    .filter(({ outcome }) => outcome !== 'pruned')
    .map(({ address }) => address)
    .toSorted();
}

function toValues(result: Awaited<ReturnType<typeof queryInstant>>['data']['result']): Values {
  const entries = result.map(({ metric, value }) => {
    const names = Object.keys(metric).toSorted();
    return [names.map((name) => metric[name]).join(' '), value[1]] as const;
  });
  assert.equal(new Set(entries.map(([key]) => key)).size, entries.length, 'two series have the same labels');
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
