const SCHEMES: ReadonlySet<string> = new Set(['http', 'https', 'grpc', 'grpcs']);

/** In front of a name that is to be looked up: `dns+http://…`. */
export const LOOKUP_PREFIX: RegExp = /^[a-z]+\+/;

const CREDENTIALS = /^((?:[a-z]+\+)?(?:[^:/]*:\/\/)?)[^/]*@/;

/**
 * What is wrong with the address of a server, or with the name of one that is to be looked up; undefined where nothing is.
 * Says so without the credentials that may be in it.
 */
export function addressProblem(text: string): string | undefined {
  const address = text.replace(LOOKUP_PREFIX, '');
  const scheme = /^([^:/]*):\/\//.exec(address)?.[1];
  if (scheme !== undefined && !SCHEMES.has(scheme))
    return `has the scheme ${scheme}, which cannot be read; write http:// or https:// for a Prometheus, grpc:// or grpcs:// for a Thanos`;
  if (CREDENTIALS.test(text))
    return 'has credentials in it, which answers and logs would show; write them as basic_auth or bearer_token';
  if (scheme !== undefined && !URL.canParse(address))
    return 'is no URL; check the host, and that the port is one up to 65535';
  return undefined;
}

/** The address as it may be shown. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, '$1…@');
}
