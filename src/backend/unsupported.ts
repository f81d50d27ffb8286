import { failed, type Result } from '../model/result.ts';
import type { Backend } from './backend.ts';
import type { BackendFailure } from '../model/loss.ts';

/** An endpoint that is configured but cannot be read: every call fails with the reason, so no answer hides it. */
export function createUnsupportedBackend(address: string, reason: string | (() => string)): Backend {
  const refuse = (): Promise<Result<never, BackendFailure>> =>
    Promise.resolve(
      failed({
        kind: 'unavailable',
        endpoint: address,
        reason: typeof reason === 'string' ? reason : reason(),
      }),
    );
  return {
    address,
    describe: refuse,
    select: refuse,
    series: refuse,
    labelNames: refuse,
    labelValues: refuse,
    lists: {
      rules: refuse,
      targets: refuse,
      alertmanagers: refuse,
      metadata: refuse,
      targetMetadata: refuse,
      exemplars: refuse,
      tsdbStatistics: refuse,
    },
    close: () => Promise.resolve(),
  };
}
