import { attempt, EndpointError } from '../../../backend/endpoint-error.ts';
import type { HttpClient } from '../../../backend/prometheus/http-client.ts';
import type { Clock } from '../../../model/clock.ts';
import type { CallScope } from '../../../model/request-scope.ts';
import { ownCall } from '../../../model/request-scope.ts';
import { failed, type Result, success } from '../../../model/result.ts';
import type { Timers } from '../../../model/timers.ts';
import { retryDelay } from '../../retry-delay.ts';
import { type AddressForm, wholeAddress } from '../address-form.ts';
import type { AddressSource, EndpointMaker, FoundAddresses } from '../address-source.ts';
import { Gone, listSlices, type SliceQuery, watchSlices } from './api-server.ts';
import type { KnownSlices } from './known-slices.ts';
import { RestartingServers } from './restarting-servers.ts';

export interface KubernetesPlace {
  /** Names the source. */
  readonly name: string;
  readonly query: SliceQuery;
  readonly form: AddressForm;
  /** A client for one look. */
  readonly open: () => HttpClient;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Lays chance over a delay, ms, so that many gateways do not come back at the same moment. */
  readonly jitter: (ms: number) => number;
}

/** One look watches for so long, s. Shorter than what a look may take, so that a server that hangs shows as one that fails. */
const WATCH_S = 20;
/** The server ends a watch itself. If it does not, it is ended after this time, ms. */
const MOST_WATCH_MS = 23_000;
/** What changes within this time after a first change is taken together, ms: a rollout changes a slice many times. */
const SETTLE_MS = 200;
/** A watch that ends sooner ended at once, ms; unless it was ended here. */
const CALM_MS = 1000;
/** Longest pause after watches that end at once, ms. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * Finds endpoints in the EndpointSlices of services. The first look lists them. Each later one watches from the version that is
 * known, and comes back with the first changes or after {@link WATCH_S}; the next goes on from there, so nothing is missed in
 * between. Where the server has forgotten that version, or sends what cannot be read, all are listed anew.
 */
export class KubernetesSource implements AddressSource {
  readonly name: string;
  readonly key: string;
  readonly endpoints: EndpointMaker;
  readonly #place: KubernetesPlace;
  /** Undefined until they were listed, and where they have to be listed anew. */
  #known: KnownSlices | undefined;
  readonly #restarting = new RestartingServers();
  /** Looks in a row that ended at once, or for which all had to be listed again. */
  #restless = 0;

  constructor(place: KubernetesPlace, endpoints: EndpointMaker) {
    this.name = place.name;
    this.key = JSON.stringify([place.name, place.form]);
    this.endpoints = endpoints;
    this.#place = place;
  }

  async find(signal: AbortSignal): Promise<Result<FoundAddresses, string>> {
    const { name, form, query, jitter, clock } = this.#place;
    const client = this.#place.open();
    try {
      const looked = await ownCall(signal, async (scope) =>
        attempt(name, scope, async () => this.#look(client, scope)),
      );
      if (!looked.ok) return failed(`cannot read endpoint slices: ${looked.failure.reason}`);
      const known = looked.value;
      const servers = known.servers();
      const restarting = this.#restarting.update(servers, clock.monotonic());
      const addresses = [...servers.map(({ address }) => address), ...restarting];
      // To the last one nothing is taken away, as where a list is empty: answers say that they are missing.
      if (servers.length === 0) return failed(nothingFound(known.size, query));
      const pause = this.#restless === 0 ? 0 : retryDelay(this.#restless, LONGEST_PAUSE_MS);
      return success({
        addresses: addresses.map((address) => ({
          address: wholeAddress(address, form),
          serverName: undefined,
        })),
        validMs: jitter(pause),
      });
    } finally {
      await client.close();
    }
  }

  async #look(client: HttpClient, scope: CallScope): Promise<KnownSlices> {
    const known = this.#known;
    if (known === undefined) return this.#list(client, scope);
    try {
      await this.#watch(client, scope, known);
      return known;
    } catch (thrown) {
      if (!(thrown instanceof Gone)) throw thrown;
      this.#restless++;
      return this.#list(client, scope);
    }
  }

  async #list(client: HttpClient, scope: CallScope): Promise<KnownSlices> {
    this.#known = undefined;
    try {
      this.#known = await listSlices(client, scope, this.#place.query);
    } catch (thrown) {
      if (!(thrown instanceof Gone)) throw thrown;
      throw new EndpointError('unavailable', 'they changed while they were listed', { cause: thrown });
    }
    return this.#known;
  }

  /** Takes over what changes. A watch that is cut off is none that failed: the next one goes on from there. */
  async #watch(client: HttpClient, scope: CallScope, known: KnownSlices): Promise<void> {
    const { query, timers } = this.#place;
    const over = new AbortController();
    let isCalm = false;
    const calm = (): void => {
      isCalm = true;
    };
    const ends = [timers.after(MOST_WATCH_MS, () => over.abort()), timers.after(CALM_MS, calm)];
    const inner = { ...scope, signal: AbortSignal.any([scope.signal, over.signal]) };
    const from = { version: known.version, seconds: WATCH_S };
    let isOpen = false;
    let isChanged = false;
    try {
      const events = watchSlices(client, inner, query, from, () => {
        isOpen = true;
      });
      for await (const { type, slice, version } of events) {
        if (scope.signal.aborted) break;
        known.version = version;
        if (slice === undefined) continue;
        if (type === 'set') known.set(slice);
        else known.delete(slice);
        if (!isChanged) ends.push(timers.after(SETTLE_MS, () => over.abort()));
        isChanged = true;
      }
    } catch (thrown) {
      this.#checkCut(thrown, scope, { isOver: over.signal.aborted, isOpen });
    } finally {
      for (const cancel of ends) cancel();
    }
    this.#restless = isCalm || over.signal.aborted ? 0 : this.#restless + 1;
  }

  /** Throws on what is no cut. What was read then may not be all, so that all is listed anew. */
  #checkCut(
    thrown: unknown,
    scope: CallScope,
    { isOver, isOpen }: { readonly isOver: boolean; readonly isOpen: boolean },
  ): void {
    if (scope.signal.aborted) throw thrown;
    if (isOver && isOpen) return;
    if (isOver) throw new EndpointError('timeout', 'the API server took the watch and did not answer');
    if (isOpen && thrown instanceof EndpointError && thrown.kind === 'unavailable') return;
    if (isOpen) this.#known = undefined;
    throw thrown;
  }
}

function nothingFound(slices: number, { namespace, labelSelector, port }: SliceQuery): string {
  const where = namespace === undefined ? 'in no namespace' : `not in the namespace ${namespace}`;
  return slices === 0
    ? `no endpoint slice matches ${labelSelector}, ${where}`
    : `the endpoint slices that match ${labelSelector} have no addresses${port === undefined ? '' : ` with the port ${port}`}`;
}
