import type { AddressRecord, DnsResolver, ServiceRecord } from '../../../src/cluster/discovery/resolver.ts';
import { failed, success } from '../../../src/model/result.ts';

/** A zone that a test changes as it goes; a sentence instead of records is a failure. */
export interface FakeZone {
  readonly a: Record<string, readonly AddressRecord[] | string>;
  readonly aaaa: Record<string, readonly AddressRecord[] | string>;
  readonly srv: Record<string, readonly ServiceRecord[] | string>;
}

export function emptyZone(): FakeZone {
  return { a: {}, aaaa: {}, srv: {} };
}

export function fakeResolver(zone: FakeZone): DnsResolver {
  const answer = async <T>(records: readonly T[] | string | undefined) =>
    typeof records === 'string' ? failed(records) : success(records ?? []);
  return {
    addresses: (host, family) => answer((family === 4 ? zone.a : zone.aaaa)[host]),
    services: (name) => answer(zone.srv[name]),
  };
}

export function addresses(ttl: number | undefined, ...list: readonly string[]): readonly AddressRecord[] {
  return list.map((address) => ({ address, ttl }));
}
