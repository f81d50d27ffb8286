import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

import type { Backend, BackendSelect } from '../../../src/backend/backend.ts';
import type { BackendFailure } from '../../../src/model/loss.ts';
import { createPrometheusBackend } from '../../../src/backend/prometheus/backend.ts';
import { PROMETHEUS_DEFAULTS } from '../../../src/backend/prometheus/options.ts';
import type { PrometheusOptions } from '../../../src/backend/prometheus/options.ts';
import type { Result } from '../../../src/model/result.ts';
import type { FakeHandler } from '../../support/fake-server.ts';
import { startFakeServer } from '../../support/fake-server.ts';

export const NEVER: AbortSignal = new AbortController().signal;

export const SELECT_UP: BackendSelect = {
  matchers: [{ kind: '=', name: '__name__', value: 'up' }],
  minTime: 1_000_000,
  maxTime: 1_060_000,
  hints: { range: 0, func: '' },
};

/** A backend for one test; closed with it. */
export function backendAt(t: TestContext, url: string, options: Partial<PrometheusOptions> = {}): Backend {
  const backend = createPrometheusBackend({ ...PROMETHEUS_DEFAULTS, url, ...options });
  t.after(() => backend.close());
  return backend;
}

/** A backend in front of a server with one handler for everything. */
export async function backendFor(
  t: TestContext,
  handler: FakeHandler,
  options: Partial<PrometheusOptions> = {},
): Promise<Backend> {
  const server = await startFakeServer(handler);
  const backend = backendAt(t, server.url, options);
  t.after(() => server.close());
  return backend;
}

export function valueOf<T>(result: Result<T, BackendFailure>): T {
  if (!result.ok) assert.fail(`${result.failure.kind}: ${result.failure.reason}`);
  return result.value;
}

export function failureOf<T>(result: Result<T, BackendFailure>): BackendFailure {
  assert.ok(!result.ok, 'expected a failure');
  return result.failure;
}
