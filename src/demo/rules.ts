import type { MatrixSeries } from '../engine/answer.ts';
import type { RangeQuery } from '../gateway/query.ts';
import type { Clock } from '../model/clock.ts';
import { instantFromMs } from '../model/instant.ts';
import { labelsFromRecord, mergeLabels, withoutName } from '../model/labels.ts';
import { ALERT_STATES, type Alert, type AlertingRule, type RuleGroup } from '../model/rules.ts';

interface AlertDefinition {
  readonly name: string;
  readonly query: string;
  /** s for which it has to hold before it fires. */
  readonly duration: number;
  readonly severity: string;
  readonly summary: string;
}

const ERROR_SHARE =
  'sum by (job) (rate(http_requests_total{code="500"}[5m])) / sum by (job) (rate(http_requests_total[5m]))';

const DEFINITIONS: readonly AlertDefinition[] = [
  {
    name: 'TargetDown',
    query: 'up == 0',
    duration: 300,
    severity: 'warning',
    summary: 'A target has not answered for five minutes.',
  },
  {
    name: 'TargetDownForADay',
    query: 'up == 0',
    duration: 86_400,
    severity: 'page',
    summary: 'A target has not answered for a day: repair it, or stop to scrape it.',
  },
  {
    name: 'ManyErrors',
    query: `${ERROR_SHARE} > 0.05`,
    duration: 600,
    severity: 'page',
    summary: 'More than 5 % of the requests of a job fail.',
  },
  {
    name: 'LongQueue',
    query: 'queue_length > 100',
    duration: 600,
    severity: 'warning',
    summary: 'More than 100 requests wait at a target.',
  },
];

const STEP_MS = 60_000;

/** Evaluates a query over the samples of the server that has the rules. */
export type EvaluateRange = (query: RangeQuery) => Promise<readonly MatrixSeries[]>;

/**
 * The rules of a simulated server. They are evaluated when somebody asks for them, and over the whole past of the demo: so an alert holds
 * since when a server that evaluated them all the time would say, and the demo does not start more slowly.
 */
export async function evaluateRules(
  evaluate: EvaluateRange,
  clock: Clock,
  historyMs: number,
): Promise<readonly RuleGroup[]> {
  const now = Math.floor(clock.now() / STEP_MS) * STEP_MS;
  const began = clock.monotonic();
  const rules: AlertingRule[] = [];
  for (const definition of DEFINITIONS)
    rules.push(await evaluateRule(definition, evaluate, clock, { start: now - historyMs, end: now }));
  return [
    {
      name: 'targets',
      file: '/etc/prometheus/demo.yml',
      rules,
      interval: STEP_MS / 1000,
      limit: 0,
      evaluationTime: (clock.monotonic() - began) / 1000,
      lastEvaluation: instantFromMs(now),
    },
  ];
}

async function evaluateRule(
  definition: AlertDefinition,
  evaluate: EvaluateRange,
  clock: Clock,
  range: { readonly start: number; readonly end: number },
): Promise<AlertingRule> {
  const { name, query, duration, severity, summary } = definition;
  const began = clock.monotonic();
  const series = await evaluate({ text: query, ...range, step: STEP_MS, limit: 0 });
  const alerts = series.flatMap((each) => alertOf(each, definition, range.end) ?? []);
  return {
    kind: 'alerting',
    name,
    query,
    labels: labelsFromRecord({ severity }),
    health: 'ok',
    lastError: '',
    evaluationTime: (clock.monotonic() - began) / 1000,
    lastEvaluation: instantFromMs(range.end),
    state: ALERT_STATES.findLast((state) => alerts.some((alert) => alert.state === state)) ?? 'inactive',
    duration,
    keepFiringFor: 0,
    annotations: ['summary', summary],
    alerts,
  };
}

/** Undefined where the query does not hold at the end. It holds since the first of the steps that follow each other up to there. */
function alertOf(
  { labels, columns: { length, t, v } }: MatrixSeries,
  { name, duration, severity, summary }: AlertDefinition,
  end: number,
): Alert | undefined {
  let first = length - 1;
  if (first < 0 || t[first] !== end) return undefined;
  while (first > 0 && t[first - 1] === t[first]! - STEP_MS) first--;
  return {
    labels: mergeLabels(withoutName(labels), labelsFromRecord({ alertname: name, severity })),
    annotations: ['summary', summary],
    state: end - t[first]! >= duration * 1000 ? 'firing' : 'pending',
    activeAt: instantFromMs(t[first]!),
    keepFiringSince: undefined,
    value: exponentText(v[length - 1]!),
  };
}

/** As Prometheus writes the values of alerts: `1e+00`. */
function exponentText(value: number): string {
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
