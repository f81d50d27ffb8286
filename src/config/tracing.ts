import { z } from 'zod';
import { QueryError } from '../model/errors.ts';
import { duration, text } from './fields.ts';
import { describeIssue, keyText } from './describe-issue.ts';
import { DocumentProblems, parseConfigDocument, type ConfigDocument } from './document.ts';

/** Which traces are kept: `parentbased…` leaves it to the caller where that has decided. */
const SAMPLERS = [
  'alwayssample',
  'neversample',
  'traceidratiobased',
  'parentbasedalwayssample',
  'parentbasedneversample',
  'parentbasedtraceidratiobased',
] as const;

/** Where spans go, with the keys that Thanos has for OTLP. Durations are milliseconds. */
export interface TracingConfig {
  readonly service_name: string;
  readonly resource_attributes: Readonly<Record<string, string>>;
  /** `host:port` of the collector. */
  readonly endpoint: string;
  readonly url_path: string;
  /** Plain HTTP instead of HTTPS. */
  readonly insecure: boolean;
  readonly compression: '' | 'none' | 'gzip';
  readonly timeout: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls_config: {
    readonly ca_file: string;
    readonly cert_file: string;
    readonly key_file: string;
    readonly server_name: string;
    readonly insecure_skip_verify: boolean;
  };
  readonly sampler_type: (typeof SAMPLERS)[number];
  /** Part of the traces, 0 … 1. */
  readonly sampler_param: number;
}

const ONLY_HTTP = 'must be http: spans are sent by OTLP over HTTP alone, mostly to port 4318';
const ONLY_OTLP = 'must be OTLP: Jaeger, Tempo and the OpenTelemetry collector take that';

const lowerCase = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
const orDefault =
  (usual: unknown) =>
  (value: unknown): unknown =>
    value === '' || value === undefined ? usual : value;

/** What Go's clients try again is kept here until the collector takes it, so these say nothing here. */
const ignored = z.unknown().optional();

/** Made where it is needed: few gateways have tracing, and to make it takes longer than to start without. */
function schema(): z.ZodType<{ readonly config: TracingConfig }> {
  const config: z.ZodType<TracingConfig> = z
    .strictObject({
      client_type: z.preprocess(
        lowerCase,
        z.string({ error: ONLY_HTTP }).refine((value) => value === 'http', { error: ONLY_HTTP }),
      ),
      service_name: z.preprocess(orDefault('promweave'), text),
      resource_attributes: z.record(z.string(), z.string()).default({}),
      reconnection_period: ignored,
      retry_config: ignored,
      compression: z.enum(['', 'none', 'gzip']).default(''),
      insecure: z.boolean().default(false),
      endpoint: z.preprocess(
        orDefault('localhost:4318'),
        z.string().regex(/^(?:[\w.-]+|\[[\da-fA-F:.]+\])(?::\d{1,5})?$/, {
          error:
            'must be host:port, without a scheme, a path and credentials; for plain HTTP set insecure: true',
        }),
      ),
      url_path: z.preprocess(
        orDefault('/v1/traces'),
        z.string().startsWith('/', { error: 'must begin with a slash' }),
      ),
      timeout: z.preprocess(orDefault('10s'), duration),
      headers: z.record(z.string(), z.string()).default({}),
      tls_config: z
        .strictObject({
          ca_file: z.string().default(''),
          cert_file: z.string().default(''),
          key_file: z.string().default(''),
          server_name: z.string().default(''),
          insecure_skip_verify: z.boolean().default(false),
        })
        .prefault({}),
      sampler_type: z.preprocess(
        (value) => orDefault('parentbasedalwayssample')(lowerCase(value)),
        z.enum(SAMPLERS),
      ),
      sampler_param: z.preprocess(
        orDefault('1'),
        z.coerce.number({ error: 'must be a number from 0 to 1' }).min(0).max(1),
      ),
    })
    .transform(({ timeout, ...rest }) => ({ ...rest, timeout: timeout === 0 ? 10_000 : timeout }));

  return z.strictObject({
    type: z.preprocess(
      (value) => (typeof value === 'string' ? value.toUpperCase() : value),
      z.string({ error: ONLY_OTLP }).refine((value) => value === 'OTLP', { error: ONLY_OTLP }),
    ),
    config,
  });
}

/**
 * Reads what Thanos calls a tracing configuration.
 * @param source how people know the text, for example `--tracing.config`.
 * @throws QueryError `bad_data` with one line a problem.
 */
export function readTracingConfig(source: string, content: string): TracingConfig {
  let text: ConfigDocument;
  try {
    text = parseConfigDocument(content);
  } catch (thrown) {
    if (!(thrown instanceof DocumentProblems)) throw thrown;
    throw new QueryError('bad_data', `${source}: ${thrown.message}`, { cause: thrown });
  }
  const document = schema();
  const parsed = document.safeParse(text.value ?? {});
  if (parsed.success) return parsed.data.config;
  const problems = parsed.error.issues.flatMap((issue) => describeIssue(issue, document));
  const lines = problems.map(({ path, message }) => {
    const line = text.lineOf(path);
    const at = line === undefined ? source : `${source}, line ${line}`;
    return path.length === 0 ? `${at}: it ${message}` : `${at}: ${keyText(path)}: ${message}`;
  });
  throw new QueryError('bad_data', lines.join('\n'));
}
