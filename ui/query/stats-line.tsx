import { bytesText, countText, millisecondsText, plural } from '../text/numbers.ts';
import { stepsOf } from './panel-state.ts';
import type { Outcome } from './run-query.ts';

/** What a result cost, on one line. */
export function StatsLine({ outcome: { answer, span, seconds } }: { readonly outcome: Outcome }) {
  const { data } = answer;
  const count = typeof data.result[0] === 'number' ? 1 : data.result.length;
  const parts = [
    data.resultType === 'scalar' || data.resultType === 'string'
      ? data.resultType
      : plural(count, 'series', 'series'),
  ];
  const { stats } = data;
  if (stats !== undefined) {
    parts.push(plural(stats.samples.totalQueryableSamples, 'sample'));
    const { bytes, endpoints, answeredEndpoints } = stats.fetched;
    // Nothing is read where all was kept. A tenant is not told of endpoints.
    if (endpoints === undefined) parts.push(bytesText(bytes));
    else if (endpoints > 0) parts.push(`${bytesText(bytes)} of ${askedText(endpoints, answeredEndpoints)}`);
  }
  const timings = stats?.timings;
  const detail =
    timings === undefined
      ? ''
      : ` (wait ${millisecondsText(timings.execQueueTime)}, fetch ${millisecondsText(timings.queryPreparationTime)}, evaluate ${millisecondsText(timings.innerEvalTime)})`;
  parts.push(`${millisecondsText(seconds)}${detail}`);
  const kept = stats?.resultsCache?.keptSteps;
  if (kept !== undefined) parts.push(`${countText(kept)} of ${plural(stepsOf(span), 'step')} were kept`);
  return <span class="stats-line small muted">{parts.join(' · ')}</span>;
}

function askedText(endpoints: number, answered = endpoints): string {
  return (answered < endpoints ? `${countText(answered)} of ` : '') + plural(endpoints, 'endpoint');
}
