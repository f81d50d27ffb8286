import { parse, YAMLParseError } from 'yaml';
import { QueryError } from '../../model/errors.ts';
import { parseEndpointAddress } from './address.ts';

/** Settings of a listed endpoint that change nothing here: every endpoint is asked, and is named where it fails. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['strict', 'group']);

/**
 * Reads the addresses of a file in either form that Thanos Query takes, as YAML or JSON: the list of Prometheus' file
 * discovery (`- targets: [a:1]`), or `endpoints: [{ address: a:1 }]`. Throws `bad_data` with what is wrong.
 */
export function parseEndpointList(text: string): readonly string[] {
  const content = contentOf(text);
  const addresses = Array.isArray(content) ? content.flatMap(targetsOf) : endpointsOf(content);
  for (const address of addresses) parseEndpointAddress(address);
  return addresses;
}

function contentOf(text: string): unknown {
  try {
    return parse(text);
  } catch (thrown) {
    const line = thrown instanceof YAMLParseError ? thrown.linePos?.[0].line : undefined;
    const at = line === undefined ? 'its aliases (*name) cannot be followed' : `line ${line} cannot be read`;
    throw new QueryError('bad_data', `it is no YAML or JSON: ${at}`, { cause: thrown });
  }
}

function targetsOf(group: unknown): readonly string[] {
  const targets = isRecord(group) ? group['targets'] : undefined;
  if (isTexts(targets)) return targets;
  throw new QueryError('bad_data', 'each item of the list must have targets, a list of addresses');
}

function endpointsOf(content: unknown): readonly string[] {
  const endpoints = isRecord(content) ? content['endpoints'] : undefined;
  if (!isRecord(content) || !Array.isArray(endpoints))
    throw new QueryError('bad_data', 'it must hold a list of targets, or endpoints with a list of addresses');
  refuseOthers(content, new Set(['endpoints']));
  return endpoints.map((endpoint: unknown) => {
    const address = isRecord(endpoint) ? endpoint['address'] : undefined;
    if (!isRecord(endpoint) || typeof address !== 'string')
      throw new QueryError('bad_data', 'each of the endpoints must have an address');
    refuseOthers(endpoint, new Set(['address', ...WITHOUT_EFFECT]));
    return address;
  });
}

/** A setting that is passed over, such as TLS, would only show as an endpoint that cannot be reached. */
function refuseOthers(record: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): void {
  const other = Object.keys(record).find((key) => !known.has(key));
  if (other !== undefined)
    throw new QueryError(
      'bad_data',
      `${other} is not supported in this file; name such an endpoint under endpoints of the configuration`,
    );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
