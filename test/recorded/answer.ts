import type { SeriesSource } from '../../src/engine/series-source.ts';
import { encodeFailure } from '../../src/http/envelope.ts';
import { toHttpFailure } from '../../src/http/errors.ts';
import type { ApiResponse, RecordedCase } from './corpus.ts';
import { evaluateQuery } from './engine.ts';
import { answerText } from '../support/answer-text.ts';

/** Our answer to a recorded call, through the encoders of the HTTP API. */
export async function answerCase({ params }: RecordedCase, source: SeriesSource): Promise<ApiResponse> {
  return JSON.parse(await bodyOf(params, source)) as ApiResponse;
}

async function bodyOf(params: RecordedCase['params'], source: SeriesSource): Promise<string> {
  const { query, time, start = time ?? 0, end = time ?? 0, step = 0 } = params;
  const times = { start: toMs(start), end: toMs(end), step: toMs(step) };
  try {
    return answerText(await evaluateQuery(query, times, source), query);
  } catch (thrown) {
    const { errorType, message } = toHttpFailure(thrown);
    return encodeFailure(errorType, message);
  }
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
