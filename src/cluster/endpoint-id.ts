declare const endpointIdBrand: unique symbol;

/**
 * Names one endpoint among all. It is the address where that says enough, and holds no secret, so it may be shown: in
 * metrics, lists and logs.
 */
export type EndpointId = string & { readonly [endpointIdBrand]: true };

/** Takes a text, such as an address, for an id; the caller sees to it that no two endpoints have the same. */
export function endpointId(text: string): EndpointId {
  return text as EndpointId;
}

/** What makes one endpoint another than the next: one address may serve several tenants. */
export interface EndpointIdentity {
  /** As it is shown. */
  readonly address: string;
  /** Equal for addresses that differ in writing alone. */
  readonly place: string;
  /** Equal where two mean the same endpoint. It may be made of secrets: for comparing only, never shown. */
  readonly key: string;
  /** Whether there is nothing but its address to know it by. */
  readonly isPlain: boolean;
  /** What may be shown of what tells it from others at its address: `X-Scope-OrgID: eu`, `{cluster="eu"}`. */
  readonly marks: readonly string[];
}

/**
 * An id for each identity, in their order; the keys must differ. Where an address has several, the marks that not all of them
 * have follow it, and a number where these do not tell them apart either: `http://a:9090 (X-Scope-OrgID: eu)`, `http://a:9090 #2`.
 */
export function endpointIds(identities: readonly EndpointIdentity[]): readonly EndpointId[] {
  const byAddress = Map.groupBy(identities, ({ address }) => address);
  const taken = new Set<string>();
  return identities.map((identity) => {
    const name = nameAmong(identity, byAddress.get(identity.address)!);
    let id = name;
    for (let n = 2; taken.has(id); n++) id = `${name} #${n}`;
    taken.add(id);
    return endpointId(id);
  });
}

function nameAmong({ address, marks }: EndpointIdentity, alike: readonly EndpointIdentity[]): string {
  const telling = marks.filter((mark) => alike.some((other) => !other.marks.includes(mark)));
  return telling.length === 0 ? address : `${address} (${telling.join(', ')})`;
}
