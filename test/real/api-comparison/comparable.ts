import { CHANGES, ORDERS, type Change } from '../../http/as-by-314.ts';
import type { Answer, Call } from './ask.ts';

/** What two servers say differently although they say the same. */
const CHANGING: readonly Change[] = [
  {
    reason: 'a query without a time is evaluated now',
    path: /\/quer(?:y|%79)\?(?!.*time=)/,
    change: (body) => body.replace(/("resultType":"(?:scalar|string)","result":\[)\d+(?:\.\d+)?/, '$1"now"'),
  },
  {
    reason: 'scraping and evaluating goes on',
    path: /\/(?:rules|alerts|targets)(?:\?|$)/,
    change: (body) =>
      body.replaceAll(
        /"(lastScrape|lastScrapeDuration|evaluationTime|lastEvaluation)":(?:"[^"]*"|[\d.e-]+)/g,
        '"$1":"changing"',
      ),
  },
  {
    reason: 'the newest sample is newer each second',
    path: /\/status\/tsdb/,
    change: (body) => body.replaceAll(/"(minTime|maxTime)":\d+/g, '"$1":"changing"'),
  },
  {
    reason: 'a query takes as long as it takes',
    path: /[?&]stats=/,
    change: (body) => body.replaceAll(/"(\w+Time)":[\d.e-]+/g, '"$1":"changing"'),
  },
  {
    reason: 'the same samples take more bytes or fewer, as servers compress them',
    path: /[?&]stats=/,
    change: (body) => body.replace(/"fetched":\{[^}]*\}/, '"fetched":"changing"'),
  },
];

/** An answer in a form that can be compared. */
export function comparable(answer: Answer, { path }: Call, isOf242 = false): Answer {
  // Errors say the same each time, and what is no JSON cannot be sorted.
  if (!answer.body.startsWith('{"status":')) return answer;
  const changes = [...(isOf242 ? CHANGES : []), ...CHANGING, ...ORDERS];
  const fitting = changes.filter((each) => each.path.test(path));
  return { ...answer, body: fitting.reduce((body, { change }) => change(body, path), answer.body) };
}
