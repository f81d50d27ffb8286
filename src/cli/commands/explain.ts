import { headerProblem } from '../../config/header-rules.ts';
import { SYSTEM_CLOCK } from '../../model/clock.ts';
import { QueryError } from '../../model/errors.ts';
import type { Command } from '../command.ts';
import { askGateway, type ExplainAnswer } from '../explain/ask-gateway.ts';
import { absoluteTime } from '../explain/relative-time.ts';
import { renderExplanation } from '../explain/render.ts';
import type { Flag } from '../flags/flag.ts';
import { SERVE_FLAGS } from '../flags/serve.ts';
import { oneArgument } from '../one-argument.ts';
import type { ParsedFlags } from '../parse-flags.ts';

const DEFAULT_URL = 'http://127.0.0.1:10902';
const DEFAULT_WIDTH = 80;

/** Flags of `serve` that count here too. Those with a parameter are sent along with the query. */
const SHARED: Readonly<Record<string, string | undefined>> = {
  config: undefined,
  endpoint: undefined,
  'query.replica-label': 'replicaLabels[]',
  'query.timeout': 'timeout',
  'query.lookback-delta': 'lookback_delta',
  'query.partial-response': 'partial_response',
  'deduplication.func': 'dedup_func',
};

const OWN: readonly Flag[] = [
  { name: 'url', kind: 'value', placeholder: 'URL', help: `The gateway to ask. Default ${DEFAULT_URL}.` },
  {
    name: 'header',
    kind: 'repeated-whole',
    placeholder: 'NAME:VALUE',
    help: 'Header for the gateway of --url, such as the one that names an administrator: THANOS-TENANT:ops. Repeatable.',
  },
  {
    name: 'time',
    kind: 'value',
    placeholder: 'TIME',
    help: 'Instant of the query: RFC 3339, seconds since 1970, or relative as -1h. Default now.',
  },
  { name: 'start', kind: 'value', placeholder: 'TIME', help: 'First step of a range query, as --time.' },
  {
    name: 'end',
    kind: 'value',
    placeholder: 'TIME',
    help: 'Last step of a range query, as --time; it may be now.',
  },
  { name: 'step', kind: 'value', placeholder: 'DURATION', help: 'Step of a range query.' },
  { name: 'dedup', kind: 'switch', help: 'Whether replicas become one series (default).' },
  {
    name: 'limit',
    kind: 'value',
    placeholder: 'N',
    help: 'Series to show of each selector, at most 1000. Default 5.',
  },
  {
    name: 'width',
    kind: 'number',
    placeholder: 'N',
    help: 'Characters of a line. Default: the terminal, or 80.',
  },
];

const FLAGS: readonly Flag[] = [...OWN, ...SERVE_FLAGS.filter(({ name }) => Object.hasOwn(SHARED, name))];

/** `promweave explain`: asks a running gateway, or starts one over the endpoints of `--config` or `--endpoint`. */
export const explain: Command = {
  name: 'explain',
  aliases: [],
  summary:
    'Shows which endpoints a query asks, what they answer, and which replica was chosen for each window of time.',
  usage: "promweave explain 'QUERY' [FLAGS]",
  flags: FLAGS,
  async run(args, { out, error, stop, columns }) {
    const given = oneArgument(explain, args, { out, error });
    if (typeof given === 'number') return given;
    const { argument: query, parsed } = given;
    const answer = await ask(parsed, parametersOf(query, parsed), stop);
    const width = parsed.values.get('width');
    out(renderExplanation(answer, typeof width === 'number' ? width : (columns ?? DEFAULT_WIDTH)));
    return 0;
  },
};

async function ask(
  parsed: ParsedFlags,
  parameters: URLSearchParams,
  stop: AbortSignal,
): Promise<ExplainAnswer> {
  const { values } = parsed;
  const url = values.get('url');
  if (!values.has('config') && !values.has('endpoint'))
    return askGateway(String(url ?? DEFAULT_URL), parameters, stop, headersOf(values.get('header')));
  if (url !== undefined)
    throw new QueryError(
      'bad_data',
      '--url names a running gateway; leave out --config and --endpoint with it',
    );
  const { configFromFlags } = await import('../read-config.ts');
  const config = configFromFlags(FLAGS, parsed);
  const { startLocalGateway } = await import('../explain/local-gateway.ts');
  const gateway = await startLocalGateway(config);
  try {
    return await askGateway(gateway.url, parameters, stop);
  } finally {
    await gateway.close(0);
  }
}

/** @throws QueryError `bad_data` where one is no header. */
function headersOf(given: ReturnType<ParsedFlags['values']['get']>): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.isArray(given) ? given.map(headerOf) : []);
}

function headerOf(given: string): readonly [name: string, value: string] {
  const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(given) ?? [];
  const problem = headerProblem('HTTP', name.trim(), value.trim());
  if (problem === undefined) return [name.trim(), value.trim()];
  throw new QueryError(
    'bad_data',
    `--header takes a name and a value, such as THANOS-TENANT:ops: it ${problem}`,
  );
}

function parametersOf(query: string, { values }: ParsedFlags): URLSearchParams {
  const range = ['start', 'end', 'step'].filter((name) => values.has(name));
  if (range.length > 0 && range.length < 3)
    throw new QueryError('bad_data', 'a range query takes --start, --end and --step together');
  if (range.length > 0 && values.has('time'))
    throw new QueryError(
      'bad_data',
      '--time is for instant queries; leave it out with --start, --end and --step',
    );
  const parameters = new URLSearchParams({ query });
  const now = SYSTEM_CLOCK.now();
  for (const name of ['time', 'start', 'end'])
    if (values.has(name)) parameters.set(name, absoluteTime(name, String(values.get(name)), now));
  for (const name of ['step', 'dedup', 'limit'])
    if (values.has(name)) parameters.set(name, String(values.get(name)));
  for (const [flag, parameter] of Object.entries(SHARED)) {
    if (parameter === undefined || !values.has(flag)) continue;
    for (const value of [values.get(flag)].flat()) parameters.append(parameter, String(value));
  }
  return parameters;
}
