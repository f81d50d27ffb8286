import type { Clock } from '../../model/clock.ts';
import { messageOf } from '../../model/errors.ts';
import { failed, type Result } from '../../model/result.ts';
import type { Timers } from '../../model/timers.ts';
import { retryDelay } from '../retry-delay.ts';
import type { SourceStatus } from '../topology.ts';
import type { Producer, WantedEndpoint, WantedEndpoints } from '../wanted-endpoints.ts';
import type { DnsName } from './address.ts';
import type { AddressSource, EndpointMaker, FoundAddress, FoundAddresses } from './address-source.ts';
import {
  checked,
  type CheckedAddress,
  endpointsOf,
  makerFor,
  nameKey,
  unreadable,
} from './found-endpoints.ts';

/** What is looked for. */
export interface Search {
  readonly sources: readonly AddressSource[];
  /** Makes the source of a name that another source listed. */
  readonly sourceOf: (name: DnsName, endpoints: EndpointMaker) => AddressSource;
  /** Longest time between two looks after failures, ms. */
  readonly maxRetryMs: number;
}

export interface DiscoveryOptions extends Search {
  readonly wanted: Pick<WantedEndpoints, 'producer'>;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Lays chance over a delay after a failure, ms, so that many gateways do not come back at the same moment. */
  readonly jitter?: ((ms: number) => number) | undefined;
  /** For the log. */
  readonly onEvent?: ((event: DiscoveryEvent) => void) | undefined;
}

export type DiscoveryEvent =
  | { readonly kind: 'failed'; readonly source: string; readonly reason: string }
  | { readonly kind: 'recovered'; readonly source: string }
  /** Comes before the failure that it is told as; the stack is for the log alone. */
  | { readonly kind: 'bug'; readonly source: string; readonly stack: string };

/** The way from the sources that are followed to others. Either it is cancelled, or it wants and then finishes, in one turn. */
export interface Transition {
  /** Wants what the others want. Nothing else changes before {@link Transition.finish}, so it may be taken back. */
  want(): void;
  /** From now on the others are followed. */
  finish(): void;
  cancel(): void;
}

interface Followed {
  source: AddressSource;
  readonly producer: Producer;
  readonly stopped: AbortController;
  /** Resolves after the first look, and after {@link FIRST_LOOK_MS} at the latest. */
  readonly firstLook: PromiseWithResolvers<void>;
  /** Names that it listed, which are looked up themselves; by {@link nameKey}. */
  readonly children: Map<string, Followed>;
  /** What it told last. */
  told: readonly CheckedAddress[] | undefined;
  /** Whether it counts yet: what is told before a transition is over is kept until then. */
  isHeld: boolean;
  isLooking: boolean;
  /** What it wants now, beside what its children want. */
  wanted: readonly WantedEndpoint[];
  /** Tells its stand-in from others. */
  readonly number: number;
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
export const MOST_ADDRESSES = 1000;

/**
 * Follows sources of addresses and wants the endpoints that they tell. While a source fails or finds nothing, what it told
 * last counts. One that never told anything stands in the topology itself, so that answers say what is missing.
 */
export class EndpointDiscovery {
  readonly #options: DiscoveryOptions;
  #search: Search;
  #roots: readonly Followed[];
  /** New ones of a transition. */
  readonly #held = new Set<Followed>();
  #followed = 0;

  constructor(options: DiscoveryOptions) {
    this.#options = options;
    this.#search = options;
    this.#roots = options.sources.map((source) => this.#follow(source, false));
  }

  /** Looks everywhere, then keeps looking until {@link close}. Resolves once each source has told something or had its time. */
  async start(): Promise<void> {
    await Promise.all(this.#roots.map((root) => this.#begin(root)));
  }

  /**
   * Prepares to follow other sources. Resolves once each one that is new has told something or had its time. A source whose name stays
   * keeps what it told, whatever else changes, and looks again behind the transition.
   */
  async transition(search: Search): Promise<Transition> {
    const former = [...this.#roots];
    const next = search.sources.map((source) => {
      const at = former.findIndex((one) => keyOf(one.source) === keyOf(source));
      const [kept] = at === -1 ? [] : former.splice(at, 1);
      return { source, one: kept ?? this.#follow(source, true) };
    });
    const fresh = next.flatMap(({ one }) => (one.isHeld ? [one] : []));
    for (const one of fresh) this.#held.add(one);
    await Promise.all(fresh.map((one) => this.#begin(one)));
    return {
      want: () => {
        for (const { source, one } of next) this.#wantBy(one, source, search);
        for (const one of former.flatMap(withChildren)) one.producer.want([]);
      },
      finish: () => {
        this.#search = search;
        this.#roots = next.map(({ one }) => one);
        for (const { source, one } of next) this.#takeOver(one, source);
        for (const one of former.flatMap(withChildren)) stop(one);
      },
      cancel: () => {
        for (const one of fresh) this.#discard(one);
      },
    };
  }

  /** What a source told, as another of its name makes endpoints of it. */
  #wantBy(one: Followed, source: AddressSource, search: Search): void {
    one.producer.want(wantedBy(one, source));
    for (const { child, source: its } of childrenBy(one, source, search)) this.#wantBy(child, its, search);
  }

  #takeOver(one: Followed, source: AddressSource): void {
    const isNew = one.isHeld;
    one.wanted = wantedBy(one, source);
    one.source = source;
    one.isHeld = false;
    this.#held.delete(one);
    for (const { child, source: its } of childrenBy(one, source, this.#search)) this.#takeOver(child, its);
    if (isNew || one.isLooking || one.stopped.signal.aborted) return;
    one.cancelTimer();
    void this.#round(one);
  }

  #discard(one: Followed): void {
    this.#held.delete(one);
    for (const each of withChildren(one)) stop(each);
  }

  /** How the sources fare. */
  status(): readonly SourceStatus[] {
    return this.#all().map(statusOf);
  }

  close(): void {
    for (const one of this.#all()) stop(one);
    for (const one of this.#held) this.#discard(one);
  }

  #all(): readonly Followed[] {
    return this.#roots.flatMap(withChildren);
  }

  #follow(source: AddressSource, isHeld: boolean): Followed {
    const { name } = source;
    const one: Followed = {
      source,
      producer: this.#options.wanted.producer(name),
      stopped: new AbortController(),
      firstLook: Promise.withResolvers(),
      children: new Map(),
      told: undefined,
      isHeld,
      isLooking: false,
      wanted: [],
      number: this.#followed++,
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
      if (one.told === undefined) want(one, [standInOf(one)]);
      one.firstLook.resolve();
    });
    void this.#round(one);
    return one.firstLook.promise;
  }

  async #round(one: Followed): Promise<void> {
    const { stopped } = one;
    one.isLooking = true;
    const found = this.#bounded(one, await this.#look(one));
    if (stopped.signal.aborted) return;
    one.checkedAt = this.#options.clock.now();
    if (found.ok) await this.#foundAgain(one, found.value.addresses);
    else this.#failed(one, found.failure);
    if (stopped.signal.aborted) return;
    one.isLooking = false;
    one.cancelGrace();
    one.firstLook.resolve();
    const { jitter = (ms) => ms } = this.#options;
    const delay = found.ok ? found.value.validMs : jitter(retryDelay(one.failures, this.#search.maxRetryMs));
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
    if (one.told === undefined) want(one, [standInOf(one)]);
  }

  async #foundAgain(one: Followed, found: readonly FoundAddress[]): Promise<void> {
    if (one.problem !== undefined) this.#options.onEvent?.({ kind: 'recovered', source: one.source.name });
    one.failures = 0;
    one.problem = undefined;
    const addresses = found.map(checked);
    const names = new Map(addresses.flatMap((each) => (each.lookup ? [[nameKey(each), each]] : [])));
    const newOnes = [...names.values()].filter((each) => !one.children.has(nameKey(each)));
    one.told = addresses;
    if (newOnes.length > 0) {
      // What is new comes first, so that a server that moved behind a name is not missing while the name is looked up.
      want(one, [...endpointsOf(addresses, one.source.endpoints), ...one.wanted]);
      await Promise.all(newOnes.map((name) => this.#adopt(one, name)));
      if (one.stopped.signal.aborted) return;
    }
    // The source may have become another of its name meanwhile.
    want(one, endpointsOf(addresses, one.source.endpoints));
    for (const [key, child] of one.children) if (!names.has(key)) abandon(one, key, child);
  }

  #adopt(parent: Followed, name: CheckedAddress): Promise<void> {
    const child = this.#follow(listedSource(this.#search, parent.source, name), parent.isHeld);
    parent.children.set(nameKey(name), child);
    return this.#begin(child);
  }

  #bounded(one: Followed, found: Result<FoundAddresses, string>): Result<FoundAddresses, string> {
    if (!found.ok) return found;
    const others = this.#all().reduce((sum, other) => (other === one ? sum : sum + other.wanted.length), 0);
    const { ofEach = 1 } = one.source.endpoints;
    const count = found.value.addresses.length * ofEach;
    if (count + others <= MOST_ADDRESSES) return found;
    const told = ofEach === 1 ? `${count} addresses` : `addresses of ${count} endpoints, one of each tenant`;
    return failed(
      `${one.source.name} tells ${told}, with ${others} of other sources; at most ${MOST_ADDRESSES} are followed, so put several gateways in front of parts of them`,
    );
  }
}

function keyOf({ name, key = name }: AddressSource): string {
  return key;
}

function stackOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.stack : undefined) ?? messageOf(thrown);
}

function want(one: Followed, endpoints: readonly WantedEndpoint[]): void {
  one.wanted = endpoints;
  if (!one.isHeld) one.producer.want(endpoints);
}

/** Stands in the topology while a source never told anything. */
function standInOf(one: Followed, { name, isStrict }: AddressSource = one.source): WantedEndpoint {
  const { identity, spec } = unreadable(
    name,
    () => one.problem ?? 'it is still being looked up',
    `source ${one.number}`,
  );
  return { identity, spec: { ...spec, isStrict }, isStandIn: true };
}

function withChildren(one: Followed): readonly Followed[] {
  return [one, ...one.children.values()];
}

/** The sources that its children become with another of its name. */
function childrenBy(
  { told = [], children }: Followed,
  source: AddressSource,
  search: Search,
): readonly { readonly child: Followed; readonly source: AddressSource }[] {
  return told.flatMap((each) => {
    const child = each.lookup && children.get(nameKey(each));
    return child === undefined ? [] : [{ child, source: listedSource(search, source, each) }];
  });
}

/** The source of a name that another source listed. */
function listedSource(
  { sourceOf }: Search,
  { endpoints, isStrict: areStrict }: AddressSource,
  name: CheckedAddress,
): AddressSource {
  return {
    ...sourceOf(name.lookup!, makerFor(endpoints, name)),
    isStrict: areStrict === true || name.isStrict === true,
  };
}

/** The endpoints of a source, as another of its name makes them of the same addresses. */
function wantedBy(one: Followed, by: AddressSource): readonly WantedEndpoint[] {
  const { told, source, wanted } = one;
  if (source === by) return wanted;
  if (told !== undefined) return endpointsOf(told, by.endpoints);
  return wanted.length === 0 ? [] : [standInOf(one, by)];
}

function abandon(parent: Followed, key: string, child: Followed): void {
  stop(child);
  parent.children.delete(key);
  want(child, []);
}

function stop(one: Followed): void {
  one.stopped.abort();
  one.cancelTimer();
  one.cancelGrace();
  one.firstLook.resolve();
}

function statusOf({ source, problem, checkedAt, told, wanted, children }: Followed): SourceStatus {
  return {
    name: source.name,
    problem,
    checkedAt,
    found: (told === undefined ? 0 : wanted.length) + children.size,
  };
}
