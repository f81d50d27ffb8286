import { createUnsupportedBackend } from '../../backend/unsupported.ts';
import { compareStrings } from '../../model/compare-strings.ts';
import { messageOf } from '../../model/errors.ts';
import { addressProblem, withoutSecrets } from '../../model/server-address.ts';
import type { WantedEndpoint } from '../wanted-endpoints.ts';
import { type DnsName, parseEndpointAddress } from './address.ts';
import type { EndpointMaker, FoundAddress } from './address-source.ts';

/** One that was read, and is named without the credentials that it may have. */
export interface CheckedAddress extends FoundAddress {
  /** Set where it has to be looked up itself. */
  readonly lookup: DnsName | undefined;
  readonly problem: string | undefined;
}

/** Reads an address that a source told. */
export function checked(found: FoundAddress): CheckedAddress {
  const { address } = found;
  const shown = { ...found, address: withoutSecrets(address), lookup: undefined };
  const problem = addressProblem(address);
  if (problem !== undefined) return { ...shown, problem: `the address ${problem}` };
  try {
    const parsed = parseEndpointAddress(address);
    return { ...shown, lookup: parsed.kind === 'static' ? undefined : parsed, problem };
  } catch (thrown) {
    return { ...shown, problem: messageOf(thrown) };
  }
}

/** The endpoints at these addresses. Names among them are looked up themselves. */
export function endpointsOf(
  addresses: readonly CheckedAddress[],
  endpoints: EndpointMaker,
): readonly WantedEndpoint[] {
  return addresses.flatMap((address) =>
    address.lookup === undefined ? endpointsAt(endpoints, address) : [],
  );
}

/** Tells a name that a list holds from the others: what the list says of it is said of all that it leads to. */
export function nameKey({ address, labels, isStrict = false }: CheckedAddress): string {
  return JSON.stringify([
    address,
    labels && Object.entries(labels).sort(([a], [b]) => compareStrings(a, b)),
    isStrict,
  ]);
}

/** Makes endpoints of the addresses that a listed name leads to. */
export function makerFor(endpoints: EndpointMaker, { labels, isStrict }: CheckedAddress): EndpointMaker {
  return Object.assign((found: FoundAddress) => endpoints({ ...found, labels, isStrict }), {
    ofEach: endpoints.ofEach ?? 1,
  });
}

/** One that is no address stands for a server all the same, so that answers say that it is missing, and why. */
function endpointsAt(endpoints: EndpointMaker, found: CheckedAddress): readonly WantedEndpoint[] {
  const { address, problem } = found;
  if (problem !== undefined) return [unreadable(address, () => problem, problem)];
  return endpoints(found).map((wanted) => {
    const createBackend = (): ReturnType<typeof wanted.spec.createBackend> => {
      try {
        return wanted.spec.createBackend();
      } catch (thrown) {
        return createUnsupportedBackend(address, messageOf(thrown));
      }
    };
    return { ...wanted, spec: { ...wanted.spec, createBackend } };
  });
}

/**
 * Stands for a server that cannot be asked, so that answers say that it is missing, and why.
 * @param kind tells it from others with this address.
 */
export function unreadable(address: string, reason: () => string, kind: string): WantedEndpoint {
  const key = JSON.stringify([address, kind]);
  return {
    identity: { address, place: address, key, isPlain: false, marks: [] },
    spec: {
      address,
      replication: 'auto',
      timeoutMs: 1000,
      fingerprint: key,
      server: key,
      createBackend: () => createUnsupportedBackend(address, reason),
    },
  };
}
