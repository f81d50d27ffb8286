import { isPrintableAscii } from '../model/ascii.ts';
import { EndpointError } from './endpoint-error.ts';

/** Calls that requests make to one endpoint at the same time. */
export const CALLS_AT_ONCE = 32;

/** More connections than that, for calls of the gateway itself, so that a health check does not wait behind requests. */
export const OWN_CONNECTIONS = 8;

/**
 * Tells the value of the `authorization` header, over HTTP as over gRPC. It is asked for each request, because tokens and
 * passwords change while a server runs.
 */
export type Authorization = () => string;

/**
 * The header's value now; undefined where there is none. Throws EndpointError where it can be in no header, as happens
 * where a file holds something else than one secret.
 */
export function authorizationNow(authorization: Authorization | undefined): string | undefined {
  const value = authorization?.();
  if (value === undefined || isPrintableAscii(value)) return value;
  throw new EndpointError(
    'bad_data',
    'its credentials are not sent: they must be one line of printable ASCII; check the file or the setting that holds them',
  );
}

/** RFC 7617. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/**
 * Tells the certificates to use from now on: files are renewed while a server runs. The same object comes back until they
 * change, so that connections are made anew only then. It never throws.
 */
export type TlsSource = () => TlsOptions;

/** PEM texts, not file names. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}
