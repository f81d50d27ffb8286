import type { Pool } from 'undici';
import { evaluate, type EngineOptions } from '../../../src/engine/evaluate.ts';
import type { SeriesSource } from '../../../src/engine/series-source.ts';
import { encodeFailure } from '../../../src/http/envelope.ts';
import { toHttpFailure } from '../../../src/http/errors.ts';
import { SYSTEM_CLOCK } from '../../../src/model/clock.ts';
import { parse } from '../../../src/promql/parse.ts';
import type { ApiResponse } from '../../recorded/corpus.ts';
import { answerText } from '../answer-text.ts';

/** A query and when to evaluate it; times in ms, step 0 for an instant query. */
export interface Question {
  readonly query: string;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** What a server says, over a connection that is kept; `more` are parameters beside those of the question. */
export async function askServer(
  server: Pool,
  { query, start, end, step }: Question,
  more: Readonly<Record<string, string>> = {},
): Promise<ApiResponse> {
  const form = new URLSearchParams({ ...more, query });
  if (step === 0) form.set('time', String(start / 1000));
  else {
    form.set('start', String(start / 1000));
    form.set('end', String(end / 1000));
    form.set('step', String(step / 1000));
  }
  const { body } = await server.request({
    method: 'POST',
    path: step === 0 ? '/api/v1/query' : '/api/v1/query_range',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  return (await body.json()) as ApiResponse;
}

/** What the engine says to the same, through the encoders of the HTTP API. */
export async function askEngine(
  question: Question,
  source: SeriesSource,
  features: ReadonlySet<string>,
): Promise<ApiResponse> {
  return JSON.parse(await engineText(question, source, features)) as ApiResponse;
}

/** The engine's answer as text: equal texts are equal answers, down to the last bit. */
export async function engineText(
  { query, start, end, step }: Question,
  source: SeriesSource,
  features: ReadonlySet<string>,
): Promise<string> {
  const options: EngineOptions = {
    lookbackDelta: 300_000,
    maxSamples: 50_000_000,
    features,
    clock: SYSTEM_CLOCK,
    noStepSubqueryInterval: 60_000,
    perStepStats: false,
  };
  try {
    const expr = parse(query, features);
    const signal = new AbortController().signal;
    const answer = await evaluate({ text: query, expr, start, end, step }, source, options, signal);
    return answerText(answer, query);
  } catch (thrown) {
    const { errorType, message } = toHttpFailure(thrown);
    return encodeFailure(errorType, message);
  }
}
