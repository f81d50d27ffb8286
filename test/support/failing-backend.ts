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
    select: (request, signal) => guarded(signal, () => backend.select(request, signal)),
    series: (request, signal) => guarded(signal, () => backend.series(request, signal)),
    labelNames: (request, signal) => guarded(signal, () => backend.labelNames(request, signal)),
    labelValues: (label, request, signal) =>
      guarded(signal, () => backend.labelValues(label, request, signal)),
    operations: {
      rules: (request, signal) => guarded(signal, () => backend.operations.rules(request, signal)),
      targets: (request, signal) => guarded(signal, () => backend.operations.targets(request, signal)),
      metadata: (request, signal) => guarded(signal, () => backend.operations.metadata(request, signal)),
      targetMetadata: (request, signal) =>
        guarded(signal, () => backend.operations.targetMetadata(request, signal)),
      exemplars: (request, signal) => guarded(signal, () => backend.operations.exemplars(request, signal)),
      tsdbStatistics: (request, signal) =>
        guarded(signal, () => backend.operations.tsdbStatistics(request, signal)),
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
