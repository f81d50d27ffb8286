import type { Result } from '../../model/result.ts';
import type { WantedEndpoint } from '../wanted-endpoints.ts';

/** A place that tells the addresses of endpoints: a name in DNS, files, or a server that lists them. */
export interface AddressSource {
  /** As it was configured, for people. */
  readonly name: string;
  /**
   * Equal for sources that tell the same; the name where it is left out. It may hold secrets, as a name does not: for comparing only,
   * never shown.
   */
  readonly key?: string | undefined;
  /** Looks once. A failure is a sentence; to find nothing is a failure. */
  find(signal: AbortSignal): Promise<Result<FoundAddresses, string>>;
  readonly endpoints: EndpointMaker;
  /** Whether a gateway that starts is not ready before it told something. */
  readonly isStrict?: boolean | undefined;
}

/** Makes endpoints of the addresses of one source. Throws `bad_data` where the address can be none. */
export interface EndpointMaker {
  (found: FoundAddress): readonly WantedEndpoint[];
  /** How many it makes of an address at most; undefined means one. */
  readonly ofEach?: number;
}

export interface FoundAddresses {
  /** Each once, in an order that does not change from one look to the next. They may have to be looked up themselves. */
  readonly addresses: readonly FoundAddress[];
  /** How long this is good for, ms. */
  readonly validMs: number;
}

export interface FoundAddress {
  readonly address: string;
  /** The name that led to the address, which a certificate is for; undefined where the address is a name itself. */
  readonly serverName: string | undefined;
  /** What a list says of the server beside its address; absent where it says nothing. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Whether a list has a gateway that starts wait for it. */
  readonly isStrict?: boolean | undefined;
}
