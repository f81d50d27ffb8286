import { isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { formatBytes } from '../../model/byte-size.ts';
import { messageOf, QueryError } from '../../model/errors.ts';
import { repeatedKeys } from '../../model/repeated-keys.ts';
import { parseEndpointAddress } from './address.ts';
import type { FoundAddress } from './address-source.ts';

/** An address of a list, with what the list says of it. */
export type ListedAddress = Omit<FoundAddress, 'serverName'>;

/** Larger lists are not read, bytes. It is 400 for each address that is followed. */
export const MOST_LIST_BYTES: number = 4 * 1024 ** 2;

/** Reading YAML takes some 2 to 8 µs a character, many times what JSON takes, and nobody gets a turn meanwhile. */
const MOST_YAML = 256 * 1024;
/** Lists nest four levels. Reading YAML takes time by the square of the levels, and longer for keys that begin with `?`. */
const MOST_NESTED = 32;
const NESTED_ITEMS = new RegExp(`(?:-[ \\t]+){${MOST_NESTED + 1}}`);
const BYTE_ORDER_MARK = /^\uFEFF/;
const NESTED_KEY = /(?:^|\s)\?(?=\s)/g;

/** A setting of a listed endpoint that changes nothing here: every endpoint of a group is asked by itself. */
const WITHOUT_EFFECT = 'group';

/** What Prometheus has in target lists for the scraping of targets, and drops before it stores series. They label no series. */
const OF_SCRAPING = /^__(?:meta_|param_|tmp|address__$|scheme__$|metrics_path__$|scrape_)/;

/** As many as a configuration may give one server. */
const MOST_LABELS = 100;

/**
 * Reads the addresses of a file in either form that Thanos Query takes, as YAML or JSON: the list of Prometheus' file
 * discovery (`- targets: [a:1]`), or `endpoints: [{ address: a:1 }]`. Throws `bad_data` with what is wrong.
 */
export function parseEndpointList(text: string): readonly ListedAddress[] {
  const content = contentOf(text);
  const addresses = Array.isArray(content) ? content.flatMap(targetsOf) : endpointsOf(content);
  for (const { address } of addresses) parseEndpointAddress(address);
  return addresses;
}

function contentOf(marked: string): unknown {
  const text = marked.replace(BYTE_ORDER_MARK, '');
  const json = jsonOf(text);
  if (json.ok) return json.value;
  if (text.length > MOST_YAML)
    throw new QueryError(
      'bad_data',
      json.problem === undefined
        ? `as YAML it may have ${formatBytes(MOST_YAML)}, and has ${text.length} characters; write it as JSON, or list fewer endpoints`
        : `it is no JSON: ${json.problem}; as YAML it may have ${formatBytes(MOST_YAML)}, and has ${text.length} characters`,
    );
  if (nestsDeeply(text))
    throw new QueryError('bad_data', `it nests more than ${MOST_NESTED} levels deep, which no list does`);
  const lineCounter = new LineCounter();
  // Each warning would be a line to the standard error output, and a file may have thousands.
  const options = { lineCounter, logLevel: 'error', uniqueKeys: false, prettyErrors: false } as const;
  const document = parseDocument(text, options);
  const wrongAt = document.errors[0]?.pos[0] ?? firstRepeated(document);
  if (wrongAt !== undefined) throw noYaml(`line ${lineCounter.linePos(wrongAt).line} cannot be read`);
  try {
    return document.toJS();
  } catch (thrown) {
    throw noYaml('its aliases (*name) cannot be followed', thrown);
  }
}

function noYaml(why: string, cause?: unknown): QueryError {
  return new QueryError('bad_data', `it is no YAML or JSON: ${why}`, { cause });
}

/** Where the first key stands that its mapping has already. */
function firstRepeated(document: Document): number | undefined {
  let first: number | undefined;
  visit(document, {
    Map(_, { items }) {
      [first] = repeatedKeys(items.map(({ key }) => key).filter(isScalar));
      return first === undefined ? undefined : visit.BREAK;
    },
  });
  return first;
}

type Json =
  | { readonly ok: true; readonly value: unknown }
  /** Why it is none; undefined where it does not begin like any. */
  | { readonly ok: false; readonly problem: string | undefined };

function jsonOf(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return { ok: false, problem: undefined };
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (thrown) {
    // YAML may begin like this as well.
    return { ok: false, problem: messageOf(thrown) };
  }
}

/** Whether a text opens more lists and mappings in each other than any list needs. Indentation costs characters, but lists on one line do not. */
function nestsDeeply(text: string): boolean {
  let level = 0;
  for (const char of text) {
    if (char === '[' || char === '{') level++;
    else if (char === ']' || char === '}') level = Math.max(0, level - 1);
    if (level > MOST_NESTED) return true;
  }
  return NESTED_ITEMS.test(text) || (text.match(NESTED_KEY)?.length ?? 0) > MOST_NESTED;
}

/** The addresses of one item of a list of targets, as Prometheus has it in files and over HTTP. Throws `bad_data`. */
export function targetsOf(group: unknown): readonly ListedAddress[] {
  const targets = isRecord(group) ? group['targets'] : undefined;
  if (!isRecord(group) || !isTexts(targets))
    throw new QueryError('bad_data', 'each item of the list must have targets, a list of addresses');
  const labels = labelsOf(group['labels']);
  return targets.map((address) => (labels === undefined ? { address } : { address, labels }));
}

function labelsOf(labels: unknown): Readonly<Record<string, string>> | undefined {
  if (labels === undefined || labels === null) return undefined;
  if (!isRecord(labels) || !Object.values(labels).every((value) => typeof value === 'string'))
    throw new QueryError('bad_data', 'labels must be a mapping of names to texts');
  const wanted = Object.entries(labels).filter(([name]) => !OF_SCRAPING.test(name));
  if (wanted.length > MOST_LABELS)
    throw new QueryError(
      'bad_data',
      `an item has ${wanted.length} labels; a server may have ${MOST_LABELS} at most`,
    );
  const none = wanted.find(([name]) => name === '' || name === '__name__')?.[0];
  if (none !== undefined)
    throw new QueryError(
      'bad_data',
      `no server has a label ${JSON.stringify(none)} of its own; leave it out`,
    );
  return wanted.length === 0 ? undefined : (Object.fromEntries(wanted) as Record<string, string>);
}

function endpointsOf(content: unknown): readonly ListedAddress[] {
  const endpoints = isRecord(content) ? content['endpoints'] : undefined;
  if (!isRecord(content) || !Array.isArray(endpoints))
    throw new QueryError('bad_data', 'it must hold a list of targets, or endpoints with a list of addresses');
  refuseOthers(content, new Set(['endpoints']));
  return endpoints.map((endpoint: unknown) => {
    const address = isRecord(endpoint) ? endpoint['address'] : undefined;
    if (!isRecord(endpoint) || typeof address !== 'string')
      throw new QueryError('bad_data', 'each of the endpoints must have an address');
    refuseOthers(endpoint, new Set(['address', 'strict', WITHOUT_EFFECT]));
    const { strict = false } = endpoint;
    if (typeof strict !== 'boolean') throw new QueryError('bad_data', 'strict must be true or false');
    return strict ? { address, isStrict: true } : { address };
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
