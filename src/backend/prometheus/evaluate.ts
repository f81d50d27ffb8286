import { formatDuration } from '../../model/duration.ts';
import type { CallScope } from '../../model/request-scope.ts';
import type { Evaluated, EvaluateRequest } from '../evaluate-call.ts';
import { answerPacer } from '../pace.ts';
import { apiCall, jsonBody, seconds } from './api-call.ts';
import type { HttpClient } from './http-client.ts';
import { scanMatrix } from './matrix-scanner.ts';

/** Evaluates at the steps of a range; a range of one step serves for an instant. */
export async function evaluateQuery(
  client: HttpClient,
  { text, start, end, step, lookbackDelta }: EvaluateRequest,
  scope: CallScope,
): Promise<Evaluated> {
  const call = apiCall('/api/v1/query_range', [
    ['query', text],
    ['start', seconds(start)],
    ['end', seconds(end)],
    ['step', seconds(step)],
    ['lookback_delta', formatDuration(lookbackDelta)],
  ]);
  const body = await jsonBody(await client.send(call, scope), call);
  try {
    let held = 0;
    const { series, annotations } = await scanMatrix(body, answerPacer(scope), (bytes) => {
      if (bytes <= held) return;
      scope.budget.take(bytes - held);
      held = bytes;
    });
    return {
      series: series.map(({ metric, floats }) => ({ labels: metric, values: floats })),
      isPlain: annotations.length === 0 && series.every(({ histograms }) => histograms.length === 0),
      bytes: body.length,
    };
  } finally {
    scope.budget.give(body.length);
  }
}
