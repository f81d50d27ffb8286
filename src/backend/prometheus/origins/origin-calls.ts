import type { Labels } from '../../../model/labels.ts';
import { ownCall, type CallScope } from '../../../model/request-scope.ts';
import type { Answered } from '../../answered.ts';
import type { Attempt } from '../../endpoint-error.ts';
import {
  MOST_TOLD,
  NEWS_MS,
  type OriginCalls,
  type SeriesNews,
  type SeriesOrigins,
} from '../../series-origins.ts';
import { answerPacer } from '../../pace.ts';
import { apiCall, callApi } from '../api-call.ts';
import type { HttpClient } from '../http-client.ts';
import { labelsOf, listOf, objectOf, objectsOf, textOf, textsOf } from '../json-fields.ts';
import { originsOfConfiguration } from './configuration.ts';
import { receiverOf } from './receivers.ts';
import { readState } from './server-state.ts';

/** So many names of rules are kept of one server. */
const MOST_RULES = 20_000;

/** Alerting rules write these, whatever their names. */
const OF_ALERTS = ['ALERTS', 'ALERTS_FOR_STATE'];

/**
 * Prometheus counts at each scrape of a target the series that were not in the scrape before, as `scrape_series_added` (since 2.10).
 * That sample is stored at once with the others of its scrape. A target whose scrape fails adds none, but has `up`.
 */
const NEWS_QUERY = `(sum_over_time(scrape_series_added[${NEWS_MS / 1000}s]) > 0) or (up == 0)`;

/** What a Prometheus tells of the origin of its series, by its HTTP API and by its own metrics. */
export function createOriginCalls(client: HttpClient, attempt: Attempt): OriginCalls {
  const own = async <T>(signal: AbortSignal, read: (scope: CallScope) => Promise<T>): Answered<T> =>
    ownCall(signal, async (scope) => attempt(scope, read));
  return {
    origins: async (signal) => own(signal, async (scope) => readOrigins(client, scope)),
    news: async (signal) => own(signal, async (scope) => readNews(client, scope)),
  };
}

async function readOrigins(client: HttpClient, scope: CallScope): Promise<SeriesOrigins> {
  const flags = await callApi(client, apiCall('/api/v1/status/flags', []), scope);
  const configuration = await callApi(client, apiCall('/api/v1/status/config', []), scope);
  const { open, isRenaming } = await originsOfConfiguration(
    textOf(objectOf(configuration.data, 'configuration'), 'yaml'),
    answerPacer(scope),
  );
  const rules = await callApi(client, apiCall('/api/v1/rules', [['type', 'record']]), scope);
  const pacer = answerPacer(scope);
  const ruleNames = new Set(OF_ALERTS);
  for (const group of listOf(objectOf(rules.data, 'rule groups'), 'groups', 'rule groups'))
    for (const rule of listOf(group, 'rules', 'rules')) {
      if (pacer.due()) await pacer.breathe();
      if (ruleNames.size <= MOST_RULES) ruleNames.add(textOf(rule, 'name'));
    }
  const tooMany = ruleNames.size > MOST_RULES ? `it has more than ${MOST_RULES} rules` : undefined;
  const receiver = receiverOf(textsOf({ flags: flags.data }, 'flags'));
  return { ruleNames, open: receiver ?? open ?? tooMany, isRenaming };
}

async function readNews(client: HttpClient, scope: CallScope): Promise<SeriesNews> {
  const [state, { data }] = await Promise.all([
    readState(client, scope),
    callApi(client, apiCall('/api/v1/query', [['query', NEWS_QUERY]]), scope),
  ]);
  const pacer = answerPacer(scope);
  const added: Labels[] = [];
  const failing: Labels[] = [];
  for (const item of objectsOf(objectOf(data, 'result of a query')['result'], 'results')) {
    if (pacer.due()) await pacer.breathe();
    // The sums have lost the name.
    const isOfUp = '__name__' in objectOf(item['metric'], 'labels of a result');
    const told = isOfUp ? failing : added;
    if (told.length <= MOST_TOLD) told.push(labelsOf(item, 'metric'));
  }
  return { state, added, failing };
}
