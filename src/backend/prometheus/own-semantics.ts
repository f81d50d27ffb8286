import type { CallScope } from '../../model/request-scope.ts';
import { EndpointError } from '../endpoint-error.ts';
import { apiCall, callApi } from './api-call.ts';
import type { HttpClient } from './http-client.ts';
import { textsOf } from './json-fields.ts';

/** Windows are open on the left since then, and sums are compensated. */
const FIRST_MAJOR = 3;

/** Features that change nothing of how floats are evaluated. One that is not known here may. */
const HARMLESS: ReadonlySet<string> = new Set([
  'auto-gomaxprocs',
  'auto-gomemlimit',
  'auto-reload-config',
  'concurrent-rule-eval',
  'delayed-compaction',
  'exemplar-storage',
  'expand-external-labels',
  'extra-scrape-metrics',
  'memory-snapshot-on-shutdown',
  'metadata-wal-records',
  'native-histograms',
  'no-default-scrape-port',
  'old-ui',
  'otlp-deltatocumulative',
  'promql-at-modifier',
  'promql-binop-fill-modifiers',
  'promql-duration-expr',
  'promql-experimental-functions',
  'promql-extended-range-selectors',
  'promql-negative-offset',
  'promql-per-step-stats',
  'use-uncached-io',
]);

/**
 * Whether a Prometheus evaluates floats as the engine does, by its version and its features. One that does not tell them does not.
 * @param version as its build information has it.
 */
export async function hasOwnSemantics(
  client: HttpClient,
  version: string,
  scope: CallScope,
): Promise<boolean> {
  if (Number(/^v?(\d+)\.\d+/.exec(version)?.[1] ?? 0) < FIRST_MAJOR) return false;
  try {
    const { data } = await callApi(client, apiCall('/api/v1/status/flags', []), scope);
    const features = textsOf({ flags: data }, 'flags')['enable-feature'];
    return (
      features !== undefined && features.split(',').every((name) => name === '' || HARMLESS.has(name.trim()))
    );
  } catch (thrown) {
    if (thrown instanceof EndpointError && !scope.signal.aborted) return false;
    throw thrown;
  }
}
