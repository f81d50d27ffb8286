import type { Backend } from '../../src/backend/backend.ts';
import type { BackendFailure } from '../../src/model/loss.ts';
import { failed, type Result } from '../../src/model/result.ts';

/** How a backend is to misbehave: set it at any time, calls that come later follow it. */
export interface Fault {
  /** Every call answers with this failure. */
  failWith?: Omit<BackendFailure, 'endpoint'> | undefined;
  /** Every call waits for this before it answers, or until it is aborted. */
  delay?: Promise<void> | undefined;
}

/** Wraps a backend so that a test can make it slow or fail. */
export function failingBackend(backend: Backend, fault: Fault): Backend {
  const { address } = backend;
  const guarded = async <T>(
    signal: AbortSignal,
    call: () => Promise<Result<T, BackendFailure>>,
  ): Promise<Result<T, BackendFailure>> => {
    if (fault.delay !== undefined) await Promise.race([fault.delay, aborted(signal)]);
    if (signal.aborted)
      return failed({ kind: 'canceled', endpoint: address, reason: 'the request was canceled' });
    return fault.failWith === undefined ? call() : failed({ ...fault.failWith, endpoint: address });
  };
  return {
    address,
    describe: (signal) => guarded(signal, () => backend.describe(signal)),
    select: (scope, request) => guarded(scope.signal, () => backend.select(scope, request)),
    series: (scope, request) => guarded(scope.signal, () => backend.series(scope, request)),
    labelNames: (scope, request) => guarded(scope.signal, () => backend.labelNames(scope, request)),
    labelValues: (scope, label, request) =>
      guarded(scope.signal, () => backend.labelValues(scope, label, request)),
    lists: {
      rules: (scope, request) => guarded(scope.signal, () => backend.lists.rules(scope, request)),
      targets: (scope, request) => guarded(scope.signal, () => backend.lists.targets(scope, request)),
      alertmanagers: (scope) => guarded(scope.signal, () => backend.lists.alertmanagers(scope)),
      metadata: (scope, request) => guarded(scope.signal, () => backend.lists.metadata(scope, request)),
      targetMetadata: (scope, request) =>
        guarded(scope.signal, () => backend.lists.targetMetadata(scope, request)),
      exemplars: (scope, request) => guarded(scope.signal, () => backend.lists.exemplars(scope, request)),
      tsdbStatistics: (scope, request) =>
        guarded(scope.signal, () => backend.lists.tsdbStatistics(scope, request)),
    },
    close: () => backend.close(),
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
