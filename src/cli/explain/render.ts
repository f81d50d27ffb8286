import type {
  ExplanationJson,
  KeptJson,
  MarginJson,
  PushJson,
  SelectorJson,
  SummaryJson,
} from '../../http/api/explanation.ts';
import type { ExplainAnswer } from './ask-gateway.ts';
import { counted, formatCount, formatDateTime, formatMinutes, wrap } from './format.ts';
import { renderEndpoints } from './render-endpoints.ts';
import { renderSeries } from './render-series.ts';
import { LEGEND } from './timeline.ts';

const SMALLEST_WIDTH = 40;

/** The explanation for people: lines of at most `width` characters, as far as words allow, with a line break at the end. */
export function renderExplanation({ data, warnings, infos }: ExplainAnswer, width: number): string {
  const limit = Math.max(width, SMALLEST_WIDTH);
  const lines = [
    ...renderHead(data),
    '',
    'Plan',
    ...data.plan.split('\n').map((line) => `  ${line}`),
    ...data.selectors.flatMap((selector, i) => ['', ...renderSelector(selector, i, limit)]),
    ...(data.selectors.some(({ series }) => series.length > 0) ? ['', LEGEND] : []),
    ...renderRemarks('Warnings', warnings),
    ...renderRemarks('Infos', infos),
  ];
  return lines.map((line) => `${wrapIndented(line, limit).join('\n')}\n`).join('');
}

function renderHead(data: ExplanationJson): readonly string[] {
  const { query, start, end, step, dedup, dedupFunc, replicaLabels, resultsCache } = data;
  const when =
    step === 0
      ? `at ${formatDateTime(start)} UTC`
      : `from ${formatDateTime(start)} to ${formatDateTime(end)} UTC, step ${step} s`;
  const labels = replicaLabels.length === 0 ? 'no replica label' : replicaLabels.join(', ');
  return [
    query,
    when,
    dedup ? `deduplication ${dedupFunc} by ${labels}` : 'without deduplication',
    ...(resultsCache === undefined ? [] : [renderKept(resultsCache)]),
  ];
}

function renderKept({ steps = 0, keptSteps = 0, ageSeconds, reason }: KeptJson): string {
  if (reason !== undefined) return `nothing of its results is kept: ${reason}`;
  const age = ageSeconds === undefined ? '' : `, the oldest since ${formatMinutes(ageSeconds)}`;
  return `results of ${formatCount(keptSteps)} of ${counted(steps, 'step')} are kept${age}`;
}

function renderSelector(selector: SelectorJson, index: number, width: number): readonly string[] {
  const { start, end, fetched, refused, series, seriesNotShown, summary } = selector;
  return [
    `#${index} ${selector.selector}`,
    `needs ${formatDateTime(start)} – ${formatDateTime(end)}`,
    `fetched ${formatDateTime(fetched.start)} – ${formatDateTime(fetched.end)}`,
    ...renderMargin(selector.margin),
    ...(selector.pushdown ?? []).map(renderPush),
    ...(refused === undefined ? [] : [`The query fails: ${refused}`]),
    ...renderEndpoints(selector),
    ...(summary.series === 0 ? [withoutSeries(selector)] : renderSummary(summary)),
    ...series.flatMap((one) => ['', ...renderSeries(one, selector, width - 2)]),
    ...(seriesNotShown > 0 ? ['', `not shown: ${counted(seriesNotShown, 'series', 'series')}`] : []),
  ].map((line, i) => (i === 0 || line === '' ? line : `  ${line}`));
}

function renderMargin({ seconds, reason, readAgain }: MarginJson): readonly string[] {
  const margin = seconds === 0 ? [] : [`margin ${formatMinutes(seconds)}: ${reason}`];
  if (readAgain === undefined) return margin;
  const again = `${counted(readAgain.series, 'series', 'series')} read again with ${formatMinutes(readAgain.seconds)}`;
  return [...margin, again];
}

function renderPush({ shard, endpoint, reason, readSteps }: PushJson): string {
  if (endpoint === undefined) return `samples of ${shard} are read: ${reason}`;
  const computes = `${endpoint} computes for ${shard}`;
  if (readSteps === undefined) return `${computes}; its samples are read to explain them`;
  const times = [readSteps.start, readSteps.end].map((time) => formatDateTime(time)).join(' to ');
  return `${computes}, but for the steps from ${times}: it was away about then, so samples are read; the others are read to explain them`;
}

/** An empty result is the commonest question of all, so its cause is said and not left to a row of zeros. */
function withoutSeries({ shards, unknownEndpoints }: SelectorJson): string {
  const endpoints = [...shards.flatMap((shard) => shard.endpoints), ...unknownEndpoints];
  if (endpoints.length === 0) return 'No series: the gateway has no endpoints.';
  if (endpoints.every(({ outcome }) => outcome === 'pruned'))
    return 'No series: no endpoint has the external labels that the selector asks for.';
  if (endpoints.some(({ outcome }) => outcome === 'failed'))
    return 'No series came. Endpoints that failed may have some.';
  return 'No series match: no endpoint has samples for this selector at that time. Check the name, the labels and the time.';
}

function renderSummary({ series, samples, switches, holesFilled, reasons }: SummaryJson): readonly string[] {
  const { delivered, inRange, survived } = samples;
  const words = reasons.map(({ reason, windows }) => `${formatCount(windows)} × ${reason}`);
  return [
    `${counted(series, 'series', 'series')}: ${counted(delivered, 'sample')} came, ${formatCount(inRange)} in range, ` +
      `${formatCount(survived)} kept; ${counted(switches, 'switch', 'switches')}, ` +
      `${counted(holesFilled, 'hole')} filled`,
    ...(words.length === 0 ? [] : [`windows by reason: ${words.join(', ')}`]),
  ];
}

function renderRemarks(title: string, remarks: readonly string[]): readonly string[] {
  return remarks.length === 0 ? [] : ['', title, ...remarks.map((remark) => `  ${remark}`)];
}

/** Further lines are indented a little more than the first. */
function wrapIndented(line: string, width: number): readonly string[] {
  const indent = /^ */.exec(line)![0];
  if (line.length <= width) return [line];
  return wrap(line.slice(indent.length), width - indent.length, '    ').map((part) => `${indent}${part}`);
}
