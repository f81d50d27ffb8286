import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpClient } from '../../../../src/backend/prometheus/http-client.ts';
import type { FoundAddresses } from '../../../../src/cluster/discovery/address-source.ts';
import { KubernetesSource } from '../../../../src/cluster/discovery/kubernetes/kubernetes-source.ts';
import type { Clock } from '../../../../src/model/clock.ts';
import type { Result } from '../../../../src/model/result.ts';
import { CERTIFICATES } from '../../../support/certificates.ts';
import { KubernetesApi } from '../../../support/kubernetes-api.ts';
import { ManualTimers } from '../../../support/manual-timers.ts';
import { plainMaker } from '../support.ts';

export interface Look {
  readonly addresses: readonly string[];
  readonly failure: string;
  readonly validMs: number;
}

export interface World {
  readonly api: KubernetesApi;
  readonly timers: ManualTimers;
  /** Stands still until the test moves it, ms. */
  readonly clock: Clock & { at: number };
  readonly source: KubernetesSource;
  /** Looks, and begins to watch where all were listed before; `during` runs once the watch is open. */
  readonly look: (during?: () => void | Promise<void>) => Promise<Look>;
}

/** A source over a stand-in API server. */
export async function worldOf(t: TestContext, port?: string): Promise<World> {
  const api = new KubernetesApi();
  const url = await api.start();
  t.after(() => api.close());
  const timers = new ManualTimers();
  const clock = { at: 0, now: () => 0, monotonic: () => clock.at };
  const source = new KubernetesSource(
    {
      name: 'slices',
      query: { namespace: 'mon', labelSelector: 'app=prom', port },
      form: { scheme: undefined, pathPrefix: '' },
      open: () =>
        new HttpClient({
          url,
          connections: 1,
          connectTimeoutMs: 5000,
          maxResponseBytes: Infinity,
          authorization: () => 'Bearer one',
          tls: () => ({ ca: CERTIFICATES.ca, serverName: 'store.example' }),
        }),
      clock,
      timers,
      jitter: (ms) => ms,
    },
    plainMaker,
  );
  const look: World['look'] = async (during) => {
    const found = source.find(new AbortController().signal).then(lookOf);
    if (during === undefined) return found;
    const over = found.then(() => true);
    const pause = async (): Promise<boolean> => sleep(2, false);
    // A look that lists anew opens no watch.
    while (api.watches === 0) if (await Promise.race([over, pause()])) return found;
    await during();
    return found;
  };
  return { api, timers, clock, source, look };
}

/** Waits until the source has heard of a change. */
export async function heard(timers: ManualTimers): Promise<void> {
  while (!timers.delays().includes(SETTLE_MS)) await sleep(2);
}

/** Waits for a change, and then for no more. */
export async function settle(timers: ManualTimers): Promise<void> {
  await heard(timers);
  await timers.fire(SETTLE_MS);
}

const SETTLE_MS = 200;

function lookOf(found: Result<FoundAddresses, string>): Look {
  return found.ok
    ? {
        addresses: found.value.addresses.map(({ address }) => address),
        failure: '',
        validMs: found.value.validMs,
      }
    : { addresses: [], failure: found.failure, validMs: NaN };
}
