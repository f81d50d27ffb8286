const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'grpc', 'grpcs']);

/** In front of a name that is to be looked up: `dns+http://…`. */
export const LOOKUP_PREFIX: RegExp = /^[a-z]+\+/;

/** A scheme of gRPC may be left out: Thanos writes its addresses so. A port has no default there. */
const GRPC_ADDRESS = /^(?:grpcs?:\/\/)?(?<target>(?:\[[0-9a-fA-F:.]+\]|[^\s:/@]+):\d{1,5})$/;

const QUERY = /[?#].*$/s;
const SCHEME = /^(?:[a-z]+\+)?(?:[^:/]*:\/\/)?/;

/**
 * What is wrong with the address of a server, or with the name of one that is to be looked up; undefined where nothing is.
 * Says so without the secrets that may be in it.
 */
export function addressProblem(text: string): string | undefined {
  const address = text.replace(LOOKUP_PREFIX, '');
  const scheme = /^([^:/]*):\/\//.exec(address)?.[1];
  if (scheme !== undefined && !SCHEMES.has(scheme))
    return `has the scheme ${scheme}, which cannot be read; write http:// or https:// for a Prometheus, grpc:// or grpcs:// for a Thanos`;
  // A password may hold what ends the host otherwise (/ ? #), so no other place of a @ is told from this one.
  if (text.includes('@'))
    return 'has credentials in it, which answers and logs would show; write them as basic_auth or bearer_token, and a @ of a path as %40';
  if (QUERY.test(text))
    return 'has a query or a fragment in it (? or #), which requests would not have and answers and logs would show; leave it out, and write a token as bearer_token or in headers';
  if (scheme !== undefined && !URL.canParse(address))
    return 'is no URL; check the host, and that the port is one up to 65535';
  return undefined;
}

/** The address as it may be shown: credentials, a query and a fragment may hold secrets. */
export function withoutSecrets(text: string): string {
  const scheme = SCHEME.exec(text)![0];
  const at = text.lastIndexOf('@');
  const query = text.search(QUERY);
  // Either the password holds the mark or the query the @: on both sides of it there may be a secret.
  if (query !== -1 && query < at) return `${scheme}…`;
  const shown = at < scheme.length ? text : `${scheme}…${text.slice(at)}`;
  return shown.replace(QUERY, (mark) => `${mark[0]}…`);
}

/** Host and port of a server that speaks gRPC; undefined where the text is no address of one. */
export function grpcTarget(address: string): string | undefined {
  return GRPC_ADDRESS.exec(address)?.groups?.['target'];
}

/** How an address is written, for messages on one that is none. */
export function noAddress(address: string): string {
  return `${withoutSecrets(address)} is no address; write http://host:port for a Prometheus, host:port or grpc://host:port for a Thanos`;
}
