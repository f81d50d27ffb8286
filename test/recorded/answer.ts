import type { SeriesSource } from '../../src/engine/series-source.ts';
import { toRemarks } from '../../src/gateway/remarks.ts';
import { encodeFailure, encodeSuccess } from '../../src/http/envelope.ts';
import { encodeValue } from '../../src/http/routes/query/encode-value.ts';
import { toHttpFailure } from '../../src/http/errors.ts';
import type { ApiResponse, RecordedCase } from './corpus.ts';
import { evaluateQuery } from './engine.ts';
import { scopeWith } from '../support/scopes.ts';

/** Our answer to a recorded call, through the encoders of the HTTP API. */
export async function answerCase({ params }: RecordedCase, source: SeriesSource): Promise<ApiResponse> {
  return JSON.parse(await answerText(params, source)) as ApiResponse;
}

async function answerText(params: RecordedCase['params'], source: SeriesSource): Promise<string> {
  const { query, time, start = time ?? 0, end = time ?? 0, step = 0 } = params;
  const times = { start: toMs(start), end: toMs(end), step: toMs(step) };
  try {
    const { value, annotations } = await evaluateQuery(query, times, source);
    const data = ['{', ...encodeValue(value), '}'];
    return [...encodeSuccess(data, toRemarks(scopeWith(), annotations, query))].join('');
  } catch (thrown) {
    const { errorType, message } = toHttpFailure(thrown);
    return encodeFailure(errorType, message);
  }
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
