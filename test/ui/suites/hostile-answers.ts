import type { ActiveQueriesJson, TopQueriesJson } from '../../../src/http/api/queries.ts';
import type { LabelsJson } from '../../../src/http/api/envelope.ts';
import type { AlertJson, AlertsJson, RulesJson } from '../../../src/http/api/rules.ts';
import type { TargetsJson } from '../../../src/http/api/targets.ts';
import type { Answers } from '../browsing.ts';
import { explanation, fleet, matrix, NO_STATISTICS, TIMES, VALUES } from './long-answers.ts';

/** Where a name of an answer stands in each room. */
export const HOSTILE_ROOMS: readonly (readonly [path: string, shown: string])[] = [
  [`query?g0.expr=x&g0.provenance=1&${TIMES}`, '.legend-row'],
  ['query?g0.expr=x&g0.tab=explain', '.plan'],
  ['explore', '.detail h2'],
  ['explore?view=cardinality', '.statistic-name'],
  ['endpoints', '.others-row'],
  ['rules', '.detail h2'],
  ['alerts', '.detail h2'],
  ['targets', '.detail h2'],
  ['queries', '.query-cell'],
  ['status', 'pre'],
];

/** Answers in which each text that a server chooses is hostile. */
export function hostileAnswers(labels: LabelsJson): Answers {
  const { __name__: text } = labels as { readonly __name__: string };
  const ran = { health: 'err', lastError: text, evaluationTime: 0, lastEvaluation: '2026-11-22T12:00:00Z' };
  const name = { endpoint: text, labels };
  const alert: AlertJson = {
    labels: { ...labels, alertname: text },
    annotations: { [text]: text },
    state: text,
    value: text,
    replicas: [{ ...name, state: text }],
  };
  const rule = {
    ...ran,
    type: 'alerting' as const,
    state: text,
    name: text,
    query: text,
    duration: 0,
    keepFiringFor: 0,
    labels,
    annotations: { [text]: text, ['__proto__']: text },
    alerts: [alert],
    replicas: [{ ...name, health: text, lastError: text, state: text, activeAlerts: 1 }],
  };
  const rules: RulesJson = {
    groups: [{ name: text, file: text, interval: 60, limit: 0, ...ran, rules: [rule] }],
  };
  const alerts: AlertsJson = { alerts: [alert] };
  const targets: TargetsJson = {
    activeTargets: [
      {
        discoveredLabels: labels,
        labels: { ...labels, instance: text },
        scrapePool: text,
        scrapeUrl: text,
        globalUrl: text,
        lastError: text,
        lastScrape: '2026-11-22T12:00:00Z',
        lastScrapeDuration: 0,
        health: text,
        scrapeInterval: text,
        scrapeTimeout: text,
        replicas: [{ ...name, health: text, lastError: text, lastScrape: text }],
      },
    ],
    droppedTargets: [],
    droppedTargetCounts: null,
  };
  const active: ActiveQueriesJson = {
    queries: [
      {
        id: text,
        kind: text,
        query: text,
        start: 0,
        end: 0,
        user: text,
        dashboard: text,
        panel: text,
        startTime: '2026-11-22T12:00:00Z',
        ageSeconds: 1,
        stage: text,
        samples: 1,
        series: 1,
        bytes: 1,
        endpoints: [],
        endpointsNotShown: 0,
      },
    ],
  };
  const top: TopQueriesJson = {
    sort: 'total_time',
    queries: [
      {
        kind: text,
        query: text,
        count: 1,
        failures: 1,
        totalSeconds: 1,
        longestSeconds: 1,
        samples: 1,
        bytes: 1,
        lastTime: '2026-11-22T12:00:00Z',
      },
    ],
  };
  const range = { ...matrix(1), result: [{ metric: labels, values: VALUES }] };
  const counted = [{ name: text, value: 1 }];
  const explained = explanation({ shards: 1, parts: 3 });
  return {
    ...fleet(1, 1),
    stores: {
      data: {
        [text]: [
          {
            name: text,
            lastCheck: '2026-11-22T12:00:00Z',
            lastError: text,
            labelSets: [labels],
            minTime: 0,
            maxTime: 1,
            health: 'down',
            protocol: text,
            version: text,
          },
        ],
      },
    },
    query_range: { data: range, warnings: [text], infos: [text] },
    query: {
      data: { resultType: 'vector', result: [{ metric: labels, value: [1, '1'] }] },
      warnings: [text],
    },
    explain: {
      data: {
        ...explained,
        nodes: explained.nodes.map((node) => ({ ...node, text })),
        selectors: explained.selectors.map((selector) => ({ ...selector, selector: text })),
      },
    },
    'label/__name__/values': { data: [text] },
    metadata: { data: { [text]: [{ type: text, help: text, unit: text }] } },
    series: { data: [labels] },
    'status/tsdb': {
      data: {
        ...NO_STATISTICS,
        seriesCountByMetricName: counted,
        labelValueCountByLabelName: counted,
        memoryInBytesByLabelName: counted,
        seriesCountByLabelValuePair: counted,
      },
    },
    rules: { data: rules },
    alerts: { data: alerts },
    targets: { data: targets },
    'status/active_queries': { data: active },
    'status/top_queries': { data: top },
    'status/config': { data: { yaml: text } },
    'status/flags': { data: { [text]: text } },
    features: { data: { [text]: { [text]: true } } },
  };
}
