import { QueryError } from '../../model/errors.ts';
import { LOOKUP_PREFIX, withoutSecrets } from '../../model/server-address.ts';

/** An endpoint as it is written in a configuration: an address, or a name that DNS knows the addresses of. */
export type EndpointAddress = { readonly kind: 'static'; readonly address: string } | DnsName;

export interface DnsName {
  /**
   * Which records tell the addresses, in Thanos' words: A, or AAAA where there is none (`dns`), both (`dnsdualstack`),
   * SRV and the addresses of its targets (`dnssrv`), SRV alone (`dnssrvnoa`).
   */
  readonly kind: 'dns' | 'dnsdualstack' | 'dnssrv' | 'dnssrvnoa';
  /** As it was written. */
  readonly text: string;
  /** In front of each address that is found: `http://`, or empty for gRPC. */
  readonly scheme: string;
  readonly host: string;
  /** Behind each address; empty to take that of an SRV record. */
  readonly port: string;
  /** Behind the port: empty, or a path. */
  readonly path: string;
}

const PREFIXED =
  /^(?<kind>dns|dnsdualstack|dnssrv|dnssrvnoa)\+(?<scheme>[a-z]+:\/\/)?(?<host>[^\s/:]+)(?::(?<port>\d{1,5}))?(?<path>\/\S*)?$/;

/** Reads an address. Throws `bad_data` where it has a prefix for a lookup, but not what a lookup needs. */
export function parseEndpointAddress(text: string): EndpointAddress {
  if (!LOOKUP_PREFIX.test(text)) return { kind: 'static', address: text };
  const groups = PREFIXED.exec(text)?.groups;
  if (groups === undefined)
    throw new QueryError(
      'bad_data',
      `${withoutSecrets(text)} is no address to look up; write dns+http://host:port, dnssrv+http://_service._tcp.host ` +
        'or dnssrvnoa+http://_service._tcp.host, without http:// for gRPC',
    );
  const { kind, host } = groups as { readonly kind: DnsName['kind']; readonly host: string };
  const { scheme = '', port = '', path = '' } = groups;
  if (port === '' && !kind.startsWith('dnssrv'))
    throw new QueryError(
      'bad_data',
      `${withoutSecrets(text)} needs a port, since A and AAAA records have none: ${kind}+…:9090`,
    );
  return { kind, text, scheme, host, port, path };
}
