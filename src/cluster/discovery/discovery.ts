import type { Backend } from '../../backend/backend.ts';
import { createUnsupportedBackend } from '../../backend/unsupported.ts';
import { messageOf } from '../../model/errors.ts';
import { addressProblem, withoutCredentials } from '../../model/server-address.ts';
import type { Clock } from '../../model/clock.ts';
import type { Timers } from '../../model/timers.ts';
import type { EndpointRegistry } from '../registry.ts';
import { retryDelay } from '../retry-delay.ts';
import type { SourceStatus } from '../topology.ts';
import { type DnsName, parseEndpointAddress } from './address.ts';
import type { AddressSource, EndpointMaker, FoundAddress, FoundAddresses } from './source.ts';

export interface DiscoveryOptions {
  readonly registry: Pick<EndpointRegistry, 'add' | 'remove'>;
  readonly sources: readonly AddressSource[];
  /** Addresses that are configured as they are: the registry has them from the start and keeps them. */
  readonly known: ReadonlySet<string>;
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
  | { readonly kind: 'found' | 'gone'; readonly source: string; readonly address: string }
  | { readonly kind: 'failed'; readonly source: string; readonly reason: string }
  | { readonly kind: 'recovered'; readonly source: string };

interface Followed {
  readonly source: AddressSource;
  readonly stopped: AbortController;
  /** Addresses that it claims. */
  readonly claims: Set<string>;
  /** Names that it listed, which are looked up themselves. */
  readonly children: Map<string, Followed>;
  /** Stands in the topology while nothing was ever found, so that answers say what is missing. */
  standIn: boolean;
  failures: number;
  problem: string | undefined;
  checkedAt: number | undefined;
  cancelTimer: () => void;
}

/**
 * Follows sources of addresses and keeps the registry in step: endpoints that are found are added once they were asked,
 * then those that are not told any more are removed. While a source fails or finds nothing, what it told last counts.
 */
export class EndpointDiscovery {
  readonly #options: DiscoveryOptions;
  readonly #roots: readonly Followed[];
  /** How many sources claim an address. */
  readonly #claims = new Map<string, number>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#roots = options.sources.map(followed);
  }

  /** Looks everywhere once and asks what was found, then keeps looking until {@link close}. */
  async start(): Promise<void> {
    await Promise.all(this.#roots.map((root) => this.#round(root)));
  }

  /** How the sources fare. */
  status(): readonly SourceStatus[] {
    return this.#roots.flatMap((root) => [root, ...root.children.values()].map(statusOf));
  }

  close(): void {
    for (const root of this.#roots) for (const one of [root, ...root.children.values()]) stop(one);
  }

  async #round(one: Followed): Promise<void> {
    const { source, stopped } = one;
    const found = await source.find(stopped.signal);
    if (stopped.signal.aborted) return;
    one.checkedAt = this.#options.clock.now();
    if (found.ok) await this.#foundAgain(one, found.value);
    else await this.#failed(one, found.failure);
    if (stopped.signal.aborted) return;
    const delay = found.ok ? found.value.validMs : retryDelay(one.failures, this.#options.maxRetryMs);
    one.cancelTimer = this.#options.timers.after(delay, () => void this.#round(one));
  }

  async #foundAgain(one: Followed, { addresses }: FoundAddresses): Promise<void> {
    await this.#keepInStep(one, addresses);
    if (one.problem !== undefined) this.#tell({ kind: 'recovered', source: one.source.name });
    one.failures = 0;
    one.problem = undefined;
    if (one.standIn) this.#options.registry.remove(one.source.name);
    one.standIn = false;
  }

  async #failed(one: Followed, reason: string): Promise<void> {
    if (one.problem !== reason) this.#tell({ kind: 'failed', source: one.source.name, reason });
    one.failures++;
    one.problem = reason;
    if (one.standIn || one.claims.size > 0 || one.children.size > 0) return;
    one.standIn = true;
    const { name, endpoints } = one.source;
    await this.#options.registry.add({
      ...endpoints.settings,
      backend: createUnsupportedBackend(name, () => one.problem ?? reason),
    });
  }

  /** What is new comes first, so that a server that moved is not missing for a moment. */
  async #keepInStep(one: Followed, found: readonly FoundAddress[]): Promise<void> {
    const addresses = found.map(checked);
    const wanted = new Set(addresses.map(({ address }) => address));
    await Promise.all(addresses.map((each) => this.#take(one, each)));
    if (one.stopped.signal.aborted) return;
    for (const address of one.claims) if (!wanted.has(address)) this.#release(one, address);
    for (const [name, child] of one.children)
      if (!wanted.has(name)) {
        this.#abandon(child);
        one.children.delete(name);
      }
  }

  async #take(one: Followed, found: CheckedAddress): Promise<void> {
    const { address } = found;
    if (one.claims.has(address) || one.children.has(address)) return;
    if (found.lookup !== undefined) {
      const child = followed(this.#options.sourceOf(found.lookup, one.source.endpoints));
      one.children.set(address, child);
      return this.#round(child);
    }
    const claims = this.#claims.get(address) ?? 0;
    const isNew = claims === 0 && !this.#options.known.has(address);
    const { endpoints } = one.source;
    const spec = isNew ? { ...endpoints.settings, backend: backendOf(endpoints, found) } : undefined;
    one.claims.add(address);
    this.#claims.set(address, claims + 1);
    if (spec === undefined) return;
    this.#tell({ kind: 'found', source: one.source.name, address });
    await this.#options.registry.add(spec);
  }

  #release(one: Followed, address: string): void {
    one.claims.delete(address);
    const claims = this.#claims.get(address)! - 1;
    if (claims > 0) {
      this.#claims.set(address, claims);
      return;
    }
    this.#claims.delete(address);
    if (this.#options.known.has(address)) return;
    this.#tell({ kind: 'gone', source: one.source.name, address });
    this.#options.registry.remove(address);
  }

  #abandon(one: Followed): void {
    stop(one);
    if (one.standIn) this.#options.registry.remove(one.source.name);
    for (const address of one.claims) this.#release(one, address);
  }

  #tell(event: DiscoveryEvent): void {
    this.#options.onEvent?.(event);
  }
}

/** One that was read, and is named without the credentials that it may have. */
interface CheckedAddress extends FoundAddress {
  /** Set where it has to be looked up itself. */
  readonly lookup: DnsName | undefined;
  readonly problem: string | undefined;
}

function checked({ address, serverName }: FoundAddress): CheckedAddress {
  const shown = { address: withoutCredentials(address), serverName, lookup: undefined };
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
function backendOf(endpoints: EndpointMaker, { address, serverName, problem }: CheckedAddress): Backend {
  if (problem !== undefined) return createUnsupportedBackend(address, problem);
  try {
    return endpoints.backendOf({ address, serverName });
  } catch (thrown) {
    return createUnsupportedBackend(address, messageOf(thrown));
  }
}

function followed(source: AddressSource): Followed {
  return {
    source,
    stopped: new AbortController(),
    claims: new Set(),
    children: new Map(),
    standIn: false,
    failures: 0,
    problem: undefined,
    checkedAt: undefined,
    cancelTimer: () => {},
  };
}

function stop(one: Followed): void {
  one.stopped.abort();
  one.cancelTimer();
}

function statusOf({ source, problem, checkedAt, claims, children }: Followed): SourceStatus {
  return { name: source.name, problem, checkedAt, found: claims.size + children.size };
}
