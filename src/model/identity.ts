/**
 * How it was shown who asks:
 * - `nobody`: it was not asked for,
 * - `basic`: a user and a password,
 * - `certificate`: a client certificate that a trusted authority signed,
 * - `token`: a bearer token of a list,
 * - `jwt`: a signed token of an issuer,
 * - `proxy`: a trusted proxy says so.
 */
export type Proof = 'nobody' | 'basic' | 'certificate' | 'token' | 'jwt' | 'proxy';

/** Who asks, as it came out of authentication: one value for logs, for turns between users, and for what a user may see. */
export interface Identity {
  /** Empty where it is not known. */
  readonly user: string;
  readonly how: Proof;
  /** The tenants that the proof says the user is of, in its order; undefined where it does not tell. */
  readonly tenants: readonly string[] | undefined;
}

export const NOBODY: Identity = { user: '', how: 'nobody', tenants: undefined };

/** Who waits together for turns: a user, wherever it asks from, or else whoever has the address. */
export function clientOf({ user }: Pick<Identity, 'user'>, address: string): string {
  return user === '' ? address : user;
}
