import { METRIC_NAME, labelsFrom, type Labels } from '../../model/labels.ts';
import type { CallScope } from '../../model/request-scope.ts';
import { compileMatchers } from '../../promql/match/compile.ts';
import type { EndpointList } from '../answered.ts';
import type { LookupRequest } from '../backend.ts';
import { answerPacer } from '../pace.ts';
import { oneLine } from '../server-text.ts';
import { ApiError, checkAnswer, getCall, parsedList } from './api-call.ts';
import type { HttpClient } from './http-client.ts';
import { objectOf, objectsOf } from './json-fields.ts';

/**
 * Lists the series of InfluxDB 1 by `SHOW SERIES`, which knows no times: those are listed, too, that have no samples in the range.
 * Matchers are held against them here. Throws EndpointError.
 */
export async function listSeriesKeys(
  client: HttpClient,
  { matcherSets, limit }: LookupRequest,
  scope: CallScope,
): Promise<EndpointList<Labels>> {
  const names = matcherSets.map((set) => set.find(({ kind, name }) => kind === '=' && name === METRIC_NAME));
  const isNamed = names.length > 0 && names.every((matcher) => matcher !== undefined && matcher.value !== '');
  const from = isNamed ? ` FROM ${names.map((matcher) => identifier(matcher!.value)).join(', ')}` : '';
  const call = getCall('/query', [['q', `SHOW SERIES${from}`]]);
  const answer = await client.send(call, scope);
  await checkAnswer(answer, call);
  const data = await parsedList(answer, scope);
  const wanted = matcherSets.map((set) => compileMatchers(set));
  const items: Labels[] = [];
  await answerPacer(scope).forEach(keysIn(data), (key) => {
    const labels = labelsOfKey(key);
    if (wanted.length > 0 && !wanted.some((matches) => matches(labels))) return;
    if (limit === 0 || items.length < limit) items.push(labels);
  });
  scope.budget.series(items.length);
  return { items, annotations: [] };
}

/** The texts of `{"results":[{"series":[{"columns":["key"],"values":[["…"]]}]}]}`. */
function keysIn(data: unknown): readonly string[] {
  const keys: string[] = [];
  for (const result of objectsOf(objectOf(data, 'results')['results'], 'results')) {
    if (typeof result['error'] === 'string')
      throw new ApiError('execution', `it reports ${oneLine(result['error'])}`);
    for (const { values } of objectsOf(result['series'] ?? [], 'series'))
      for (const row of Array.isArray(values) ? values : [])
        if (Array.isArray(row) && typeof row[0] === 'string') keys.push(row[0]);
  }
  return keys;
}

/**
 * Reads the key of a series, `measurement,tag=value,…` with `\\` in front of commas, equals signs and spaces. The name of a metric is
 * both the measurement and a tag.
 */
export function labelsOfKey(key: string): Labels {
  const [measurement = '', ...tags] = cut(key, ',');
  const pairs = tags.map((tag) => {
    const [name = '', ...value] = cut(tag, '=');
    return [unescaped(name), unescaped(value.join('='))] as const;
  });
  const isNamed = pairs.some(([name]) => name === METRIC_NAME);
  return labelsFrom(isNamed ? pairs : [[METRIC_NAME, unescaped(measurement)], ...pairs]);
}

/** Cuts at a character that has no backslash in front of it. */
function cut(text: string, at: ',' | '='): readonly string[] {
  return text.split(at === ',' ? /(?<!\\),/ : /(?<!\\)=/);
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([,= ])/g, '$1');
}

/** A name in double quotes. */
function identifier(name: string): string {
  return `"${name.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`;
}
