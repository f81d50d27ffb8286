import type { QueryValue } from '../../src/engine/answer.ts';
import { parseDuration } from '../../src/model/duration.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../src/model/labels.ts';
import { copyColumns, SampleBuffer } from '../../src/model/sample-columns.ts';
import { parseApiNumber } from '../recorded/compare-numbers.ts';
import type { ApiResponse, ApiSample } from '../recorded/corpus.ts';
import { remoteWrite } from '../support/differential/remote-write.ts';
import type { SampleSeries } from '../support/differential/sample-series.ts';
import { type PrometheusServer, startPrometheus } from '../support/prometheus-server.ts';
import { valueProblem } from './compare-value.ts';
import type { Command, EvalCommand, LoadCommand } from './script.ts';
import { ScriptStorage } from './storage.ts';

/** The duration of a range, in front of its end or of a subquery's step. */
const RANGE = /\[((?:\d+(?:ms|[smhdwy]))+)(?=[\]:])/g;

/** What the server says of functions and syntax that came later. */
const UNKNOWN =
  /parse error: (?:unknown function|unexpected|bad number or duration|bad duration|missing unit)/;

/** How a real server sees one `eval` of a script. */
export interface Judgement {
  readonly line: number;
  readonly expr: string;
  /** `unknown` where the server does not know the function or the syntax. */
  readonly kind: 'agrees' | 'differs' | 'unknown';
  /** What is different, as a sentence. */
  readonly problem?: string;
}

/**
 * Runs the sections of a script, each in an empty Prometheus 2.42, and compares values and failures; that version has
 * no remarks. Sections with native histograms are left out: they were an experiment then.
 */
export async function* runOnPrometheus(commands: readonly Command[]): AsyncGenerator<Judgement> {
  for (const section of sectionsOf(commands)) {
    if (section.some((command) => command.kind === 'load' && hasHistograms(command))) continue;
    if (!section.some(({ kind }) => kind === 'eval')) continue;
    const server = await startPrometheus({
      config: 'global: {}\n',
      args: [
        '--web.enable-remote-write-receiver',
        '--storage.tsdb.retention.time=100y',
        // Since 3.0 a sample of exactly five minutes ago is gone.
        '--query.lookback-delta=299999ms',
      ],
    });
    try {
      for (const command of section) {
        if (command.kind === 'load') await remoteWrite(server.url, seriesOf(command));
        if (command.kind === 'eval') yield await judged(server, command);
      }
    } finally {
      await server.stop();
    }
  }
}

/** The commands between one `clear` and the next. */
function sectionsOf(commands: readonly Command[]): readonly (readonly Command[])[] {
  const sections: Command[][] = [];
  let section: Command[] = [];
  for (const command of commands) {
    if (command.kind !== 'clear') section.push(command);
    else {
      sections.push(section);
      section = [];
    }
  }
  return [...sections, section];
}

function hasHistograms({ series, withCustomBuckets }: LoadCommand): boolean {
  return withCustomBuckets || series.some(({ points }) => points.some((point) => point.kind === 'histogram'));
}

function seriesOf(command: LoadCommand): readonly SampleSeries[] {
  const storage = new ScriptStorage();
  storage.load(command);
  return storage.series().map(({ labels, data }) => {
    if (data.kind !== 'columns') throw new Error('scripts are stored as columns');
    return { labels, columns: copyColumns(data.columns) };
  });
}

async function judged(server: PrometheusServer, command: EvalCommand): Promise<Judgement> {
  const { line, expr } = command;
  const problem = await problemOf(server, command, expr);
  if (problem === undefined) return { line, expr, kind: 'agrees' };
  // Since 3.0 ranges are open to the left.
  const open = expr.replaceAll(RANGE, (_, range: string) => `[${parseDuration(range) - 1}ms`);
  if (open !== expr && (await problemOf(server, command, open)) === undefined)
    return { line, expr, kind: 'agrees' };
  return { line, expr, kind: UNKNOWN.test(problem) ? 'unknown' : 'differs', problem };
}

async function problemOf(
  server: PrometheusServer,
  command: EvalCommand,
  expr: string,
): Promise<string | undefined> {
  const { isRange, start, end, step, expected } = command;
  const seconds = (ms: number): string => String(ms / 1000);
  const form = new URLSearchParams({ query: expr });
  if (isRange) {
    form.set('start', seconds(start));
    form.set('end', seconds(end));
    form.set('step', seconds(step));
  } else form.set('time', seconds(end));
  const response = await fetch(`${server.url}/api/v1/${isRange ? 'query_range' : 'query'}`, {
    method: 'POST',
    body: form,
  });
  const answer = (await response.json()) as ApiResponse;
  if (answer.status === 'error') return expected.failure ? undefined : `it fails: ${answer.error}`;
  if (expected.failure !== undefined) return `it does not fail, but gives ${JSON.stringify(answer.data)}`;
  return valueProblem(expected.value, valueOf(answer), expected.ordered);
}

function valueOf({ data }: ApiResponse): QueryValue {
  const { resultType, result } = data!;
  const ms = (seconds: number): number => Math.round(seconds * 1000);
  switch (resultType) {
    case 'vector':
      return {
        kind: 'vector',
        samples: result.map(({ metric, value }) => ({
          labels: labelsFromRecord(metric),
          t: ms(value![0]),
          v: parseApiNumber(value![1]),
          h: undefined,
        })),
      };
    case 'matrix':
      return {
        kind: 'matrix',
        series: result.map(({ metric, values = [] }) => {
          const columns = new SampleBuffer();
          for (const [t, v] of values) columns.push(ms(t), parseApiNumber(v));
          return {
            labels: Object.keys(metric).length === 0 ? EMPTY_LABELS : labelsFromRecord(metric),
            columns,
          };
        }),
      };
    case 'scalar':
    case 'string': {
      const [t, text] = result as unknown as ApiSample;
      return resultType === 'scalar'
        ? { kind: 'scalar', t: ms(t), v: parseApiNumber(text) }
        : { kind: 'string', t: ms(t), value: text };
    }
    default:
      throw new Error(`an answer of type ${resultType}`);
  }
}
