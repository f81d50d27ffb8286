import { EndpointError } from '../../../backend/endpoint-error.ts';
import { hostPort } from '../../../model/host-port.ts';

/** What counts of an EndpointSlice (`discovery.k8s.io/v1`). */
export interface EndpointSlice {
  /** Namespace and name. */
  readonly key: string;
  /** Namespace and name of the service that it is of. */
  readonly service: string;
  readonly family: string;
  /** In the order of the slice. */
  readonly servers: readonly Server[];
}

export interface Server {
  /** `host:port`. */
  readonly address: string;
  /** Set where it keeps its name when it is started anew: of the service and its host name, as pods of a StatefulSet have one. */
  readonly name: string | undefined;
}

/** An object of the API, as it was sent. */
export type ApiObject = Readonly<Record<string, unknown>>;

const SERVICE_NAME = 'kubernetes.io/service-name';

/**
 * Reads an EndpointSlice. All of its endpoints count, whether they are ready or not, as in Prometheus' discovery: one that is not ready is
 * still there, and answers say that it is missing. Of several addresses of one endpoint, which lead to the same server, the first counts.
 * @param port name or number; undefined where each slice has one port alone.
 * @throws EndpointError where it is none, or has several ports to choose from.
 */
export function readSlice(object: unknown, port: string | undefined): EndpointSlice {
  const slice = recordOf(object, 'an endpoint slice');
  const metadata = recordOf(slice['metadata'], 'the metadata of an endpoint slice');
  const { namespace, name, labels } = metadata;
  const { addressType: family, endpoints } = slice;
  if (typeof namespace !== 'string' || typeof name !== 'string' || typeof family !== 'string')
    throw half('an endpoint slice has no name or no addressType');
  const key = `${namespace}/${name}`;
  const service = isRecord(labels) ? labels[SERVICE_NAME] : undefined;
  const number = portOf(slice['ports'], port, key);
  const ofService = typeof service === 'string' ? `${namespace}/${service}` : key;
  return {
    key,
    service: ofService,
    family,
    servers: number === undefined ? [] : serversOf(endpoints, key, ofService, number),
  };
}

/** The resource version of an object or a list. */
export function versionOf(object: unknown): string {
  const metadata = recordOf(recordOf(object, 'an object')['metadata'], 'the metadata of an object');
  const { resourceVersion } = metadata;
  if (typeof resourceVersion !== 'string' || resourceVersion === '')
    throw half('an object has no resourceVersion');
  return resourceVersion;
}

function serversOf(endpoints: unknown, key: string, service: string, port: string): readonly Server[] {
  if (endpoints === undefined || endpoints === null) return [];
  if (!Array.isArray(endpoints)) throw half(`the endpoints of ${key} are no list`);
  return endpoints.map((endpoint: unknown) => {
    const { addresses, hostname } = recordOf(endpoint, `an endpoint of ${key}`);
    const first: unknown = Array.isArray(addresses) ? addresses[0] : undefined;
    if (typeof first !== 'string' || first === '') throw half(`an endpoint of ${key} has no address`);
    const name = typeof hostname === 'string' && hostname !== '' ? `${service}/${hostname}` : undefined;
    return { address: hostPort(first, port), name };
  });
}

/** Undefined where the slice does not have the port. */
function portOf(ports: unknown, wanted: string | undefined, key: string): string | undefined {
  const listed = Array.isArray(ports) ? ports.map((port: unknown) => recordOf(port, `a port of ${key}`)) : [];
  const usable = listed.filter(
    ({ port, protocol = 'TCP' }) => typeof port === 'number' && protocol === 'TCP',
  );
  const textOf = ({ port }: ApiObject): string => String(port);
  if (wanted !== undefined) {
    const found = usable.find((port) => port['name'] === wanted || textOf(port) === wanted);
    if (found !== undefined) return textOf(found);
    // A service without ports has slices without ports.
    return listed.length === 0 && /^\d+$/.test(wanted) ? wanted : undefined;
  }
  const [first, ...others] = usable;
  if (others.length === 0) return first && textOf(first);
  const names = usable.map((port) => (typeof port['name'] === 'string' ? port['name'] : textOf(port)));
  throw new EndpointError('bad_data', `${key} has the ports ${names.join(', ')}; set port to one of them`);
}

export function recordOf(value: unknown, what: string): ApiObject {
  if (!isRecord(value)) throw half(`${what} is no object`);
  return value;
}

function isRecord(value: unknown): value is ApiObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function half(problem: string): EndpointError {
  return new EndpointError('bad_data', `what the API server sends cannot be read: ${problem}`);
}
