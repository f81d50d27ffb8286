import { createUnsupportedBackend } from '../../backend/unsupported.ts';
import type { Clock } from '../../model/clock.ts';
import { messageOf } from '../../model/errors.ts';
import { failed, type Result } from '../../model/result.ts';
import { addressProblem, withoutSecrets } from '../../model/server-address.ts';
import type { Timers } from '../../model/timers.ts';
import { retryDelay } from '../retry-delay.ts';
import type { SourceStatus } from '../topology.ts';
import type { Producer, WantedEndpoint, WantedEndpoints } from '../wanted-endpoints.ts';
import { type DnsName, parseEndpointAddress } from './address.ts';
import type { AddressSource, EndpointMaker, FoundAddress, FoundAddresses } from './address-source.ts';

export interface DiscoveryOptions {
  readonly wanted: Pick<WantedEndpoints, 'producer'>;
  readonly sources: readonly AddressSource[];
  /** Makes the source of a name that another source listed. */
  readonly sourceOf: (name: DnsName, endpoints: EndpointMaker) => AddressSource;
  /** Longest time between two looks after failures, ms. */
  readonly maxRetryMs: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** For the log. */
  readonly onEvent?: ((event: DiscoveryEvent) => void) | undefined;
}

export type DiscoveryEvent =
  | { readonly kind: 'failed'; readonly source: string; readonly reason: string }
  | { readonly kind: 'recovered'; readonly source: string }
  /** Comes before the failure that it is told as; the stack is for the log alone. */
  | { readonly kind: 'bug'; readonly source: string; readonly stack: string };

interface Followed {
  readonly source: AddressSource;
  readonly producer: Producer;
  readonly stopped: AbortController;
  /** Resolves after the first look, and after {@link FIRST_LOOK_MS} at the latest. */
  readonly firstLook: PromiseWithResolvers<void>;
  /** Names that it listed, which are looked up themselves. */
  readonly children: Map<string, Followed>;
  /** Whether it told anything so far. */
  hasTold: boolean;
  /** What it wants now, beside what its children want. */
  wanted: readonly WantedEndpoint[];
  /** Stands in the topology while it never told anything. */
  readonly standIn: WantedEndpoint;
  failures: number;
  problem: string | undefined;
  checkedAt: number | undefined;
  cancelTimer: () => void;
  /** Takes the end of the time for the first look back. */
  cancelGrace: () => void;
}

/** Nothing waits longer for the first look of a source, ms. Until it told something, answers say that it is missing. */
const FIRST_LOOK_MS = 2000;
/** A look may take this long, ms. */
const LOOK_TIMEOUT_MS = 30_000;
/** Sources that tell more addresses, all in all, are most likely broken. */
export const MOST_ADDRESSES = 10_000;

/**
 * Follows sources of addresses and wants the endpoints that they tell. While a source fails or finds nothing, what it told
 * last counts. One that never told anything stands in the topology itself, so that answers say what is missing.
 */
export class EndpointDiscovery {
  readonly #options: DiscoveryOptions;
  readonly #roots: readonly Followed[];
  #followed = 0;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#roots = options.sources.map((source) => this.#follow(source));
  }

  /** Looks everywhere, then keeps looking until {@link close}. Resolves once each source has told something or had its time. */
  async start(): Promise<void> {
    await Promise.all(this.#roots.map((root) => this.#begin(root)));
  }

  /** How the sources fare. */
  status(): readonly SourceStatus[] {
    return this.#all().map(statusOf);
  }

  close(): void {
    for (const one of this.#all()) stop(one);
  }

  #all(): readonly Followed[] {
    return this.#roots.flatMap((root) => [root, ...root.children.values()]);
  }

  #follow(source: AddressSource): Followed {
    const { name } = source;
    const one: Followed = {
      source,
      producer: this.#options.wanted.producer(name),
      stopped: new AbortController(),
      firstLook: Promise.withResolvers(),
      children: new Map(),
      hasTold: false,
      wanted: [],
      standIn: {
        ...unreadable(name, () => one.problem ?? 'it is still being looked up', `source ${this.#followed++}`),
        isStandIn: true,
      },
      failures: 0,
      problem: undefined,
      checkedAt: undefined,
      cancelTimer: () => {},
      cancelGrace: () => {},
    };
    return one;
  }

  /** Resolves after the first look, or once it has taken its time. */
  #begin(one: Followed): Promise<void> {
    one.cancelGrace = this.#options.timers.after(FIRST_LOOK_MS, () => {
      if (!one.hasTold) want(one, [one.standIn]);
      one.firstLook.resolve();
    });
    void this.#round(one);
    return one.firstLook.promise;
  }

  async #round(one: Followed): Promise<void> {
    const { stopped } = one;
    const found = this.#bounded(one, await this.#look(one));
    if (stopped.signal.aborted) return;
    one.checkedAt = this.#options.clock.now();
    if (found.ok) await this.#foundAgain(one, found.value.addresses);
    else this.#failed(one, found.failure);
    if (stopped.signal.aborted) return;
    one.cancelGrace();
    one.firstLook.resolve();
    const delay = found.ok ? found.value.validMs : retryDelay(one.failures, this.#options.maxRetryMs);
    one.cancelTimer = this.#options.timers.after(delay, () => void this.#round(one));
  }

  /** Gives a look up that takes too long. What throws in a source is a bug; the source fails alone. */
  async #look(one: Followed): Promise<Result<FoundAddresses, string>> {
    const { source, stopped } = one;
    const late = new AbortController();
    const { promise: tooLate, resolve } = Promise.withResolvers<Result<FoundAddresses, string>>();
    const cancel = this.#options.timers.after(LOOK_TIMEOUT_MS, () => {
      late.abort();
      resolve(failed(`no answer within ${LOOK_TIMEOUT_MS / 1000} s`));
    });
    try {
      return await Promise.race([source.find(AbortSignal.any([stopped.signal, late.signal])), tooLate]);
    } catch (thrown) {
      const reason = `BUG: ${messageOf(thrown)}`;
      // As often as the failure itself is told: once while it stays the same.
      if (one.problem !== reason)
        this.#options.onEvent?.({ kind: 'bug', source: source.name, stack: stackOf(thrown) });
      return failed(reason);
    } finally {
      cancel();
    }
  }

  #failed(one: Followed, reason: string): void {
    if (one.problem !== reason) this.#options.onEvent?.({ kind: 'failed', source: one.source.name, reason });
    one.failures++;
    one.problem = reason;
    if (!one.hasTold) want(one, [one.standIn]);
  }

  async #foundAgain(one: Followed, found: readonly FoundAddress[]): Promise<void> {
    if (one.problem !== undefined) this.#options.onEvent?.({ kind: 'recovered', source: one.source.name });
    one.failures = 0;
    one.problem = undefined;
    const addresses = found.map(checked);
    const endpoints = addresses.flatMap((address) =>
      address.lookup === undefined ? [endpointOf(one.source.endpoints, address)] : [],
    );
    const names = new Map(addresses.flatMap(({ address, lookup }) => (lookup ? [[address, lookup]] : [])));
    const newOnes = [...names].flatMap(([name, lookup]) => (one.children.has(name) ? [] : [lookup]));
    one.hasTold = true;
    if (newOnes.length > 0) {
      // What is new comes first, so that a server that moved behind a name is not missing while the name is looked up.
      want(one, [...endpoints, ...one.wanted]);
      await Promise.all(newOnes.map((name) => this.#adopt(one, name)));
      if (one.stopped.signal.aborted) return;
    }
    want(one, endpoints);
    for (const [name, child] of one.children) if (!names.has(name)) abandon(one, name, child);
  }

  #adopt(parent: Followed, name: DnsName): Promise<void> {
    const child = this.#follow(this.#options.sourceOf(name, parent.source.endpoints));
    parent.children.set(name.text, child);
    return this.#begin(child);
  }

  #bounded(one: Followed, found: Result<FoundAddresses, string>): Result<FoundAddresses, string> {
    if (!found.ok) return found;
    const others = this.#all().reduce((sum, other) => (other === one ? sum : sum + other.wanted.length), 0);
    const count = found.value.addresses.length;
    if (count + others <= MOST_ADDRESSES) return found;
    return failed(
      `${one.source.name} tells ${count} addresses, with ${others} of other sources; at most ${MOST_ADDRESSES} are followed`,
    );
  }
}

function stackOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.stack : undefined) ?? messageOf(thrown);
}

function want(one: Followed, endpoints: readonly WantedEndpoint[]): void {
  one.wanted = endpoints;
  one.producer.want(endpoints);
}

function abandon(parent: Followed, name: string, child: Followed): void {
  stop(child);
  parent.children.delete(name);
  want(child, []);
}

/** One that was read, and is named without the credentials that it may have. */
interface CheckedAddress extends FoundAddress {
  /** Set where it has to be looked up itself. */
  readonly lookup: DnsName | undefined;
  readonly problem: string | undefined;
}

function checked({ address, serverName }: FoundAddress): CheckedAddress {
  const shown = { address: withoutSecrets(address), serverName, lookup: undefined };
  const problem = addressProblem(address);
  if (problem !== undefined) return { ...shown, problem: `the address ${problem}` };
  try {
    const parsed = parseEndpointAddress(address);
    return { ...shown, lookup: parsed.kind === 'static' ? undefined : parsed, problem };
  } catch (thrown) {
    return { ...shown, problem: messageOf(thrown) };
  }
}

/** One that is no address stands for a server all the same, so that answers say that it is missing, and why. */
function endpointOf(
  endpoints: EndpointMaker,
  { address, serverName, problem }: CheckedAddress,
): WantedEndpoint {
  if (problem !== undefined) return unreadable(address, () => problem, problem);
  const wanted = endpoints({ address, serverName });
  const createBackend = (): ReturnType<typeof wanted.spec.createBackend> => {
    try {
      return wanted.spec.createBackend();
    } catch (thrown) {
      return createUnsupportedBackend(address, messageOf(thrown));
    }
  };
  return { ...wanted, spec: { ...wanted.spec, createBackend } };
}

/** @param kind tells it from others with this address. */
function unreadable(address: string, reason: () => string, kind: string): WantedEndpoint {
  const key = JSON.stringify([address, kind]);
  return {
    identity: { address, place: address, key, isPlain: false, marks: [] },
    spec: {
      address,
      replication: 'auto',
      timeoutMs: 1000,
      fingerprint: key,
      createBackend: () => createUnsupportedBackend(address, reason),
    },
  };
}

function stop(one: Followed): void {
  one.stopped.abort();
  one.cancelTimer();
  one.cancelGrace();
  one.firstLook.resolve();
}

function statusOf({ source, problem, checkedAt, hasTold, wanted, children }: Followed): SourceStatus {
  return { name: source.name, problem, checkedAt, found: (hasTold ? wanted.length : 0) + children.size };
}
