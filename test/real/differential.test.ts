import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Pool } from 'undici';
import type { ApiResponse } from '../recorded/corpus.ts';
import { responseProblem } from '../recorded/compare-responses.ts';
import { askEngine, askServer, type Question } from '../support/differential/answers.ts';
import {
  comparableWith242,
  inCurrentWords,
  knownDifference,
} from '../support/differential/known-differences.ts';
import { randomQuery } from '../support/differential/random-query.ts';
import { remoteWrite } from '../support/differential/remote-write.ts';
import { DATA_START, floatSeries } from '../support/differential/sample-series.ts';
import { sampleSource } from '../support/differential/sample-source.ts';
import { PROMETHEUS_2 } from '../support/differential/vocabularies.ts';
import { startPrometheus, type PrometheusServer } from '../support/prometheus-server.ts';
import { sampled } from '../support/property.ts';

const SEED = 2_420;
const QUERIES = 2500;
const CONNECTIONS = 4;
/** Three seconds beside the round minute, so that neither windows nor subqueries begin at a step of a subquery. */
const FIRST = DATA_START + 3000;
const MINUTE = 60_000;
const RANGE = 25 * MINUTE;
const STEPS = [MINUTE, 150_000, 40_000, 10_000];
const FEATURES = new Set(['promql-experimental-functions']);

/** Each query once as an instant and once as a range query, at times and steps that change from query to query. */
function questions(): readonly Question[] {
  const queries = sampled(randomQuery(PROMETHEUS_2), { seed: SEED, numRuns: QUERIES });
  return [...new Set(queries)].flatMap((query, i) => {
    const instant = FIRST + ((i * 7) % 41) * MINUTE;
    const start = FIRST + (i % 7) * MINUTE;
    return [
      { query, start: instant, end: instant, step: 0 },
      { query, start, end: start + RANGE, step: STEPS[i % STEPS.length]! },
    ];
  });
}

interface Outcome {
  compared: number;
  /** Compared answers that were neither errors nor empty. */
  withValues: number;
  readonly differences: string[];
  readonly known: Set<string>;
}

describe('the engine beside Debian’s Prometheus 2.42', () => {
  let server: PrometheusServer;
  let pool: Pool;

  before(async () => {
    server = await startPrometheus({
      config: 'global: {}\n',
      args: ['--web.enable-remote-write-receiver', '--storage.tsdb.retention.time=100y'],
    });
    pool = new Pool(server.url, { connections: CONNECTIONS });
  });

  after(async () => {
    await pool?.close();
    await server?.stop();
  });

  test('answers random queries alike', async () => {
    const series = floatSeries();
    await remoteWrite(server.url, series);
    const source = sampleSource(series);
    const open = [...questions()];
    const outcome: Outcome = { compared: 0, withValues: 0, differences: [], known: new Set() };
    const compareNext = async (): Promise<void> => {
      for (let question = open.pop(); question !== undefined; question = open.pop()) {
        const expected = comparableWith242(await askServer(pool, question));
        const query = inCurrentWords(question.query);
        const actual = comparableWith242(await askEngine({ ...question, query }, source, FEATURES));
        compare(question, expected, actual, outcome);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, compareNext));
    console.log(
      `# ${outcome.compared} answers compared, ${outcome.withValues} of them with values; ` +
        `seen of the known differences:${[...outcome.known].map((reason) => `\n#   ${reason}`).join('')}`,
    );
    assert.deepEqual(outcome.differences.slice(0, 10), [], `${outcome.differences.length} answers differ`);
    assert.ok(outcome.withValues > QUERIES / 2, `only ${outcome.withValues} answers had values`);
  });
});

function compare(question: Question, expected: ApiResponse, actual: ApiResponse, outcome: Outcome): void {
  outcome.compared++;
  if ((expected.data?.result.length ?? 0) > 0) outcome.withValues++;
  const problem = responseProblem(question.query, expected, actual);
  if (problem === undefined) return;
  const known = knownDifference(question.query, problem);
  if (known === undefined) outcome.differences.push(`${JSON.stringify(question)}: ${problem}`);
  else outcome.known.add(known.reason);
}
