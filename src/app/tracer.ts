import { hostname } from 'node:os';
import type { FastifyBaseLogger } from 'fastify';
import type { TracingConfig } from '../config/tracing.ts';
import { spansOf } from '../gateway/observing/spans-of.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { Timers } from '../model/timers.ts';
import type { Sampler } from '../model/trace-context.ts';
import { createSampler, type SamplingRule } from '../telemetry/tracing/sampler.ts';
import { SpanExporter } from '../telemetry/tracing/span-exporter.ts';
import { readTextFile } from './read-text-file.ts';

/** What collects spans; nothing does where it is not configured. */
export interface Tracing {
  readonly sample: Sampler | undefined;
  readonly onTraced: ((scope: RequestScope) => void) | undefined;
  figures(): { readonly sent: number; readonly dropped: number };
  close(): Promise<void>;
}

/** Collects spans and sends them where the configuration says. */
export function createTracer(
  config: TracingConfig,
  version: string,
  logger: FastifyBaseLogger,
  timers: Timers,
): Tracing {
  const exporter = new SpanExporter({
    origin: `${config.insecure ? 'http' : 'https'}://${config.endpoint}`,
    path: config.url_path,
    headers: config.headers,
    compress: config.compression === 'gzip',
    timeoutMs: config.timeout,
    tls: config.insecure ? {} : tlsOf(config.tls_config),
    resource: {
      'service.name': config.service_name,
      'service.version': version,
      'service.instance.id': `${hostname()}:${process.pid}`,
      ...config.resource_attributes,
    },
    timers,
    note: (level, message) => logger[level](message),
  });
  return {
    sample: createSampler(ruleOf(config)),
    onTraced: (scope) => {
      if (exporter.isFull) exporter.drop(1 + scope.journal.stages().length + scope.journal.calls.length);
      else exporter.add(spansOf(scope));
    },
    figures: () => exporter.figures(),
    close: () => exporter.close(),
  };
}

function ruleOf({ sampler_type: type, sampler_param: ratio }: TracingConfig): SamplingRule {
  const byParent = type.startsWith('parentbased');
  if (type.endsWith('alwayssample')) return { byParent, ratio: 1 };
  return { byParent, ratio: type.endsWith('neversample') ? 0 : ratio };
}

function tlsOf(tls: TracingConfig['tls_config']): Readonly<Record<string, string | boolean>> {
  const read = (file: string): string | undefined => readTextFile(file === '' ? undefined : file);
  const [ca, cert, key] = [tls.ca_file, tls.cert_file, tls.key_file].map(read);
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls.server_name !== '' && { servername: tls.server_name }),
    ...(tls.insecure_skip_verify && { rejectUnauthorized: false }),
  };
}
