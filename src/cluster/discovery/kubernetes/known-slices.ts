import { EndpointError } from '../../../backend/endpoint-error.ts';
import { compareStrings } from '../../../model/compare-strings.ts';
import type { EndpointSlice, Server } from './endpoint-slice.ts';

/** More slices than this are most likely a selector that is too wide. */
export const MOST_SLICES = 5000;

/** The EndpointSlices that match, as of one resource version. */
export class KnownSlices {
  readonly #slices: Map<string, EndpointSlice>;
  /** The API server tells of all that changed since then. */
  version: string;

  constructor(slices: readonly EndpointSlice[], version: string) {
    this.#slices = new Map(slices.map((slice) => [slice.key, slice]));
    this.version = version;
  }

  /** Takes over one that is new or changed. Throws EndpointError where there are too many. */
  set(slice: EndpointSlice): void {
    this.#slices.set(slice.key, slice);
    checkCount(this.#slices.size);
  }

  delete({ key }: EndpointSlice): void {
    this.#slices.delete(key);
  }

  /**
   * All servers, each address once and sorted. For a while an endpoint may be in two slices of a service. Where a service has
   * addresses of both families, these are of the same servers, so those of IPv4 count.
   */
  servers(): readonly Server[] {
    const slices = [...this.#slices.values()];
    const withFour = new Set(
      slices.flatMap(({ service, family, servers }) =>
        family === 'IPv4' && servers.length > 0 ? [service] : [],
      ),
    );
    const counted = slices.filter(({ service, family }) => family !== 'IPv6' || !withFour.has(service));
    const byAddress = new Map(
      counted.flatMap(({ servers }) => servers.map((server) => [server.address, server])),
    );
    return [...byAddress.values()].sort((a, b) => compareStrings(a.address, b.address));
  }

  get size(): number {
    return this.#slices.size;
  }
}

export function checkCount(slices: number): void {
  if (slices > MOST_SLICES)
    throw new EndpointError(
      'too_large',
      `more than ${MOST_SLICES} endpoint slices match; narrow label_selector or namespaces`,
    );
}
