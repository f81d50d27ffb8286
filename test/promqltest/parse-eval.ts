import { parseDuration } from '../../src/model/duration.ts';
import { unquote } from '../../src/promql/literal/unquote.ts';
import { parseSeries } from './parse-load.ts';
import { parseScriptNumber } from './parse-script-number.ts';
import type {
  EvalCommand,
  Expected,
  ExpectedSeries,
  ExpectedValue,
  TextMatcher,
  TimeAxis,
} from './script.ts';

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$/;
const RANGE = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/;
const EXPECT = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;
const RANGE_VECTOR = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An `eval` command: its line, counted from 1, and those that belong to it. Throws plain errors. */
export function parseEval(head: string, body: readonly string[], line: number): EvalCommand {
  const instant = INSTANT.exec(head);
  const range = RANGE.exec(head);
  if (instant !== null) {
    const time = parseDuration(instant[2] ?? '0');
    const times = { start: time, end: time, step: 0, isRangeVector: false };
    const expected = parseExpected(instant[1], body, times);
    return {
      kind: 'eval',
      line,
      expr: instant[3]!,
      isRange: false,
      start: time,
      end: time,
      step: 0,
      expected,
    };
  }
  if (range === null) throw new Error('neither "eval instant at …" nor "eval range from … to … step …"');
  const times = parseTimes(range[2]!, range[3]!, range[4]!);
  const expected = parseExpected(range[1], body, times);
  return { kind: 'eval', line, expr: range[5]!, isRange: true, ...times, expected };
}

function parseTimes(from: string, to: string, step: string): TimeAxis {
  const [start, end] = [parseDuration(from), parseDuration(to)];
  if (end < start) throw new Error(`the end ${to} lies before the start ${from}`);
  return { start, end, step: parseDuration(step), isRangeVector: false };
}

function parseExpected(mode: string | undefined, body: readonly string[], times: TimeAxis): Expected {
  const expected: Writable<Expected> = {
    ordered: mode === 'ordered',
    failure: mode === 'fail' ? { kind: 'any' } : undefined,
    warnings: undefined,
    infos: undefined,
    someWarning: mode === 'warn',
    someInfo: mode === 'info',
    value: { kind: 'series', series: [], times },
  };
  let axis = times;
  const series: ExpectedSeries[] = [];
  let single: ExpectedValue | undefined;
  for (const line of body) {
    const range = RANGE_VECTOR.exec(line);
    if (range !== null) axis = { ...parseTimes(range[1]!, range[2]!, range[3]!), isRangeVector: true };
    else if (line.startsWith('expect string ')) {
      single = { kind: 'string', value: unquote(line.slice('expect string '.length).trim()) };
    } else if (/^expect(?: |$)/.test(line)) addExpectation(expected, line);
    else if (line.startsWith('expected_fail_')) addFailure(expected, line);
    else if (isNumber(line)) single = { kind: 'scalar', value: parseScriptNumber(line) };
    else series.push(parseSeries(line));
  }
  expected.value = single ?? { kind: 'series', series, times: axis };
  return expected;
}

function addExpectation(expected: Writable<Expected>, line: string): void {
  const [, type, kind, text] = EXPECT.exec(line) ?? [];
  const matcher = textMatcher(kind, text);
  switch (type) {
    case 'ordered':
      expected.ordered = true;
      break;
    case 'fail':
      expected.failure = matcher;
      break;
    case 'warn':
      expected.warnings = [...(expected.warnings ?? []), matcher];
      break;
    case 'info':
      expected.infos = [...(expected.infos ?? []), matcher];
      break;
    case 'no_warn':
      expected.warnings = [];
      break;
    case 'no_info':
      expected.infos = [];
      break;
    default:
      throw new Error(`${JSON.stringify(line)} is no expectation`);
  }
}

function textMatcher(kind: string | undefined, text = ''): TextMatcher {
  if (kind === undefined) return { kind: 'any' };
  return kind === 'msg'
    ? { kind: 'exact', text: text.trim() }
    : { kind: 'pattern', pattern: new RegExp(text.trim()) };
}

function addFailure(expected: Writable<Expected>, line: string): void {
  const [, kind, text] = /^expected_fail_(message|regexp)\s+(.*)$/.exec(line) ?? [];
  if (kind === undefined) throw new Error(`${JSON.stringify(line)} is no expectation`);
  expected.failure = textMatcher(kind === 'message' ? 'msg' : 'regex', text);
}

function isNumber(line: string): boolean {
  try {
    parseScriptNumber(line);
    return true;
  } catch {
    return false;
  }
}
