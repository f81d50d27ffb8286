import { LOOKUP_PREFIX } from '../../model/server-address.ts';

/** What lists leave out of addresses that are for several uses: Prometheus' own are `host:port`. */
export interface AddressForm {
  /** In front of addresses without a scheme: `http`; undefined leaves them to gRPC. */
  readonly scheme: string | undefined;
  /** Behind these addresses, where they are of HTTP: `/prometheus`, or empty. */
  readonly pathPrefix: string;
}

/** The whole address of a server. One that names its scheme is whole, and so is a name to look up. */
export function wholeAddress(address: string, { scheme, pathPrefix }: AddressForm): string {
  if (scheme === undefined || address.includes('://') || LOOKUP_PREFIX.test(address)) return address;
  return `${scheme}://${address}${scheme.startsWith('http') ? pathPrefix : ''}`;
}
