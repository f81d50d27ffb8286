/**
 * Tells the value of the `authorization` header, over HTTP as over gRPC. It is asked for each request, because tokens and
 * passwords change while a server runs.
 */
export type Authorization = () => string;

/** RFC 7617. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** PEM texts, not file names. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}
