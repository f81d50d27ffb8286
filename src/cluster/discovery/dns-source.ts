import { compareStrings } from '../../model/compare-strings.ts';
import { hostPort } from '../../model/host-port.ts';
import { failed, type Result, success } from '../../model/result.ts';
import type { DnsName } from './address.ts';
import type { AddressRecord, DnsResolver } from './resolver.ts';
import type { AddressSource, EndpointMaker, FoundAddress, FoundAddresses } from './address-source.ts';

export interface DnsTiming {
  /** What was found is looked up again after its TTL, but not sooner than this, ms. */
  readonly minIntervalMs: number;
  /** Nor later than this, ms. */
  readonly maxIntervalMs: number;
}

/** Finds endpoints by a name in DNS. */
export function createDnsSource(
  name: DnsName,
  resolver: DnsResolver,
  timing: DnsTiming,
  endpoints: EndpointMaker,
): AddressSource {
  return { name: name.text, find: (signal) => lookUp(name, resolver, timing, signal), endpoints };
}

interface Located extends FoundAddress {
  /** s; undefined where it is not known. */
  readonly ttl: number | undefined;
}

async function lookUp(
  name: DnsName,
  resolver: DnsResolver,
  { minIntervalMs, maxIntervalMs }: DnsTiming,
  signal: AbortSignal,
): Promise<Result<FoundAddresses, string>> {
  const located = await locate(name, resolver, signal);
  if (!located.ok) return failed(`cannot look up ${name.host}: ${located.failure}`);
  if (located.value.length === 0) {
    const records = name.kind.startsWith('dnssrv') ? 'SRV records that lead to an address' : 'addresses';
    return failed(`${name.host} has no ${records} in DNS`);
  }
  const ttl = Math.min(...located.value.map((found) => found.ttl ?? Infinity)) * 1000;
  const byAddress = new Map(
    located.value.map(({ address, serverName }) => [address, { address, serverName }]),
  );
  return success({
    addresses: [...byAddress.values()].sort((a, b) => compareStrings(a.address, b.address)),
    validMs: Math.min(Math.max(ttl, minIntervalMs), maxIntervalMs),
  });
}

async function locate(
  name: DnsName,
  resolver: DnsResolver,
  signal: AbortSignal,
): Promise<Result<readonly Located[], string>> {
  const { kind, host, port } = name;
  if (kind === 'dns' || kind === 'dnsdualstack') {
    const records = await addressesOf(host, kind === 'dnsdualstack', resolver, signal);
    return records.ok ? success(records.value.map((record) => locatedAt(name, record, port, host))) : records;
  }
  const services = await resolver.services(host, signal);
  if (!services.ok) return services;
  const located: Located[] = [];
  for (const service of services.value) {
    const target = service.host.replace(/\.$/, '');
    const servicePort = port === '' ? String(service.port) : port;
    if (kind === 'dnssrvnoa') {
      located.push({ address: endpointAt(name, target, servicePort), serverName: undefined, ttl: undefined });
      continue;
    }
    const records = await addressesOf(target, false, resolver, signal);
    if (!records.ok) return failed(`${target}: ${records.failure}`);
    located.push(...records.value.map((record) => locatedAt(name, record, servicePort, target)));
  }
  return success(located);
}

/** A server with addresses of both families is one server, so one family is enough; `both` is for configurations that ask for it. */
async function addressesOf(
  host: string,
  both: boolean,
  resolver: DnsResolver,
  signal: AbortSignal,
): Promise<Result<readonly AddressRecord[], string>> {
  const four = await resolver.addresses(host, 4, signal);
  if (!both && (!four.ok || four.value.length > 0)) return four;
  const six = await resolver.addresses(host, 6, signal);
  if (!four.ok) return four;
  return six.ok ? success([...four.value, ...six.value]) : six;
}

function locatedAt(
  name: DnsName,
  { address, ttl }: AddressRecord,
  port: string,
  serverName: string,
): Located {
  return { address: endpointAt(name, address, port), serverName, ttl };
}

function endpointAt({ scheme, path }: DnsName, host: string, port: string): string {
  return `${scheme}${hostPort(host, port)}${path}`;
}
