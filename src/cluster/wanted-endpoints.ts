import { endpointIds } from './endpoint-id.ts';
import type { EndpointId, EndpointIdentity } from './endpoint-id.ts';
import type { EndpointSpec } from './endpoint-spec.ts';

/** An endpoint as a producer wants it. Its id follows from what others want. */
export interface WantedEndpoint {
  readonly spec: EndpointSpec;
  readonly identity: EndpointIdentity;
  /** True where it was not found, but stands for a source that told nothing so far. */
  readonly isStandIn?: boolean;
}

/** One that wants endpoints, such as the configuration, a file or a name in DNS. */
export interface Producer {
  /** Wants these endpoints from now on, instead of those before. Throws what a spec throws that makes no backend. */
  want(endpoints: readonly WantedEndpoint[]): void;
}

export type WantedEvent =
  | { readonly kind: 'found' | 'gone'; readonly source: string; readonly id: EndpointId }
  /** Configured more than once; it counts once. */
  | { readonly kind: 'repeated'; readonly address: string };

export interface WantedOptions {
  /** Takes the whole set after each change. */
  readonly apply: (wanted: ReadonlyMap<EndpointId, EndpointSpec>) => void;
  /** For the log. */
  readonly onEvent?: ((event: WantedEvent) => void) | undefined;
}

interface Claims {
  /** Its place among the producers. */
  readonly order: number;
  /** Undefined for what is configured. */
  readonly source: string | undefined;
  endpoints: readonly WantedEndpoint[];
}

/** What all producers want, each endpoint once: one that several want stays while one of them does. */
interface Joined {
  readonly specs: ReadonlyMap<EndpointId, EndpointSpec>;
  /** By id, for those that were found. */
  readonly sources: ReadonlyMap<EndpointId, string>;
  readonly repeated: ReadonlySet<string>;
}

/** Joins what producers want to one set, and has it applied. */
export class WantedEndpoints {
  readonly #options: WantedOptions;
  /** In order: of two that want the same endpoint, the first says what it is to be. */
  readonly #producers: Claims[] = [];
  #order = 0;
  #isTogether = false;
  #joined: Joined = { specs: new Map(), sources: new Map(), repeated: new Set() };

  constructor(options: WantedOptions) {
    this.#options = options;
  }

  /** @param source the place where it looks for endpoints; undefined where they are configured. */
  producer(source: string | undefined): Producer {
    const claims: Claims = { order: this.#order++, source, endpoints: [] };
    return { want: (endpoints) => this.#want(claims, endpoints) };
  }

  /** Has all applied at once what producers want during `change`. Throws what a spec throws that makes no backend; then all want what they wanted before. */
  together(change: () => void): void {
    const before = this.#producers.map((claims) => ({ claims, endpoints: claims.endpoints }));
    this.#isTogether = true;
    try {
      change();
      this.#apply();
    } catch (thrown) {
      for (const claims of this.#producers.splice(0)) claims.endpoints = [];
      for (const { claims, endpoints } of before) this.#record(claims, endpoints);
      throw thrown;
    } finally {
      this.#isTogether = false;
    }
  }

  #want(claims: Claims, endpoints: readonly WantedEndpoint[]): void {
    if (this.#isTogether) this.#record(claims, endpoints);
    else this.together(() => this.#record(claims, endpoints));
  }

  #apply(): void {
    const joined = join(this.#producers);
    this.#options.apply(joined.specs);
    this.#tell(this.#joined, joined);
    this.#joined = joined;
  }

  #record(claims: Claims, endpoints: readonly WantedEndpoint[]): void {
    claims.endpoints = endpoints;
    this.#remember(claims);
  }

  /** Producers come and go with what they find, so those that want nothing are forgotten. */
  #remember(claims: Claims): void {
    const at = this.#producers.indexOf(claims);
    if (at !== -1) this.#producers.splice(at, 1);
    if (claims.endpoints.length === 0) return;
    const next = this.#producers.findIndex(({ order }) => order > claims.order);
    this.#producers.splice(next === -1 ? this.#producers.length : next, 0, claims);
  }

  #tell(before: Joined, now: Joined): void {
    const { onEvent } = this.#options;
    if (onEvent === undefined) return;
    for (const address of now.repeated)
      if (!before.repeated.has(address)) onEvent({ kind: 'repeated', address });
    for (const [id, source] of now.sources) if (!before.specs.has(id)) onEvent({ kind: 'found', source, id });
    for (const [id, source] of before.sources) if (!now.specs.has(id)) onEvent({ kind: 'gone', source, id });
  }
}

function join(producers: readonly Claims[]): Joined {
  const all = producers.flatMap(({ source, endpoints }) =>
    endpoints.map((wanted) => ({ source, ...wanted })),
  );
  // One that is found by its address alone is whatever else is wanted there.
  const known = new Set(all.flatMap(({ identity: { isPlain, place } }) => (isPlain ? [] : [place])));
  const distinct = new Map<string, (typeof all)[number]>();
  const repeated = new Set<string>();
  for (const each of all) {
    const { source, identity } = each;
    const isConfigured = source === undefined;
    const first = distinct.get(identity.key);
    if (first === undefined) {
      if (isConfigured || !identity.isPlain || !known.has(identity.place)) distinct.set(identity.key, each);
    } else if (isConfigured && first.source === undefined) repeated.add(identity.address);
  }
  const joined = [...distinct.values()];
  const ids = endpointIds(joined.map(({ identity }) => identity));
  return {
    specs: new Map(joined.map(({ spec }, i) => [ids[i]!, spec])),
    sources: new Map(
      joined.flatMap(({ source, isStandIn = false }, i) =>
        source === undefined || isStandIn ? [] : [[ids[i]!, source] as const],
      ),
    ),
    repeated,
  };
}
