import type { CallScope } from '../../../model/request-scope.ts';
import type { ServerKind } from '../../../model/server-kind.ts';
import { openAnswer } from '../api-call.ts';
import { EndpointError } from '../../endpoint-error.ts';
import { readHead, type HttpAnswer, type HttpCall, type HttpClient } from '../http-client.ts';

/** What a server tells of its program. */
export interface Build {
  /** Empty where it does not say. */
  readonly version: string;
  readonly kind: ServerKind;
}

const BUILD_CALL: HttpCall = { method: 'GET', path: '/api/v1/status/buildinfo' };

/** Longer ones are no versions, and are shown nowhere. */
const LONGEST_VERSION = 100;

/**
 * Asks a server for its version and recognises its kind. One without this call is as good as one with it, so a failure of the
 * call is none of the endpoint.
 */
export async function readBuild(client: HttpClient, scope: CallScope): Promise<Build> {
  try {
    const answer = await client.send(BUILD_CALL, scope);
    if (answer.status === 200 && answer.contentType.includes('json'))
      return recognise(answer, (await openAnswer(answer, scope)).data);
    await readHead(answer.body);
    return recognise(answer, undefined);
  } catch (thrown) {
    if (thrown instanceof EndpointError && !scope.signal.aborted) return { version: '', kind: 'prometheus' };
    throw thrown;
  }
}

/** @param data of build information; undefined where there is none. */
function recognise({ header }: Pick<HttpAnswer, 'header'>, data: unknown): Build {
  const told = typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
  const text = (name: string): string => (typeof told[name] === 'string' ? told[name] : '');
  const version = text('version').slice(0, LONGEST_VERSION);
  return { version: version || header('x-influxdb-version'), kind: kindOf(version, text, header) };
}

function kindOf(version: string, text: (name: string) => string, header: HttpAnswer['header']): ServerKind {
  // Each answer of InfluxDB has it, also that to a call which it does not know.
  if (header('x-influxdb-version') !== '') return 'influxdb';
  const application = text('application').toLowerCase();
  if (application === 'promweave') return 'promweave';
  if (application.includes('mimir') || application.includes('enterprise metrics')) return 'mimir';
  if (application.includes('cortex')) return 'cortex';
  // VictoriaMetrics tells little or nothing of a build. What stands in front of another server adds the header alone.
  if (header('x-server-hostname') !== '' && text('goVersion') === '') return 'victoria-metrics';
  // Prometheus tells its build since version 2.14.
  if (/^v?0\./.test(version)) return 'thanos';
  if (/^v?1\./.test(version)) return 'cortex';
  return 'prometheus';
}
