import type { Result } from '../../model/result.ts';

/** What discovery asks DNS for. A name without such records is an empty list; failures are sentences. */
export interface DnsResolver {
  addresses(
    host: string,
    family: 4 | 6,
    signal: AbortSignal,
  ): Promise<Result<readonly AddressRecord[], string>>;
  services(name: string, signal: AbortSignal): Promise<Result<readonly ServiceRecord[], string>>;
}

/** A or AAAA. */
export interface AddressRecord {
  readonly address: string;
  /** s; undefined where the resolver does not tell. */
  readonly ttl: number | undefined;
}

/** SRV. Priorities and weights are of no use here: every server is asked. */
export interface ServiceRecord {
  readonly host: string;
  readonly port: number;
}
