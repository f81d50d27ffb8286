import type { ExemplarSeriesJson } from '../../src/http/api/exemplars.ts';
import type { ExplanationJson } from '../../src/http/api/explanation.ts';
import type { QueryJson } from '../../src/http/api/query.ts';
import { ask, type Answer, type Form } from '../api/ask.ts';
import { isOneReplica, type Compare, type PanelState, type TimeSpan } from './panel-state.ts';

/** An answer with what it was asked for. */
export interface Outcome {
  readonly answer: Answer<QueryJson>;
  readonly span: TimeSpan;
  readonly expr: string;
  /** How long it took from here, s. */
  readonly seconds: number;
}

/** What one asks the API for what a panel shows. */
export function queryForm(panel: PanelState, span: TimeSpan, dedup: Compare = panel.dedup): Form {
  const times =
    panel.tab === 'table' ? { time: span.end } : { start: span.start, end: span.end, step: span.step };
  return { query: panel.expr, ...times, ...dedupForm(dedup) };
}

export function queryPath({ tab }: PanelState): string {
  return tab === 'table' ? 'query' : 'query_range';
}

function dedupForm(dedup: Compare): Form {
  if (isOneReplica(dedup)) return { 'storeMatch[]': dedup };
  return dedup === '' ? {} : dedup === 'off' ? { dedup: false } : { dedup_func: dedup };
}

export async function runQuery(
  panel: PanelState,
  span: TimeSpan,
  signal: AbortSignal,
  dedup?: Compare,
): Promise<Outcome> {
  const began = performance.now();
  const form = { ...queryForm(panel, span, dedup), stats: true, show_replaced: true };
  const answer = await ask<QueryJson>(queryPath(panel), form, { signal, method: 'POST' });
  return { answer, span, expr: panel.expr, seconds: (performance.now() - began) / 1000 };
}

/** Exemplars of the series that a query selects. One that selects none has an answer without content. */
export async function askExemplars(
  panel: PanelState,
  { start, end }: TimeSpan,
  signal: AbortSignal,
): Promise<Answer<readonly ExemplarSeriesJson[]>> {
  const form = { query: panel.expr, start, end, ...dedupForm(panel.dedup) };
  return ask('query_exemplars', form, { signal, method: 'POST', whereEmpty: [] });
}

/** Series whose choice of replicas is told. */
const EXPLAINED_SERIES = 50;

export async function explainQuery(
  panel: PanelState,
  span: TimeSpan,
  signal: AbortSignal,
): Promise<Answer<ExplanationJson>> {
  const form = { ...queryForm(panel, span), limit: EXPLAINED_SERIES };
  return ask<ExplanationJson>('explain', form, { signal, method: 'POST' });
}
