import type { Identity } from '../model/identity.ts';
import { keyedDigest } from './keyed-digest.ts';

/** Whose bearer token it is; undefined where it is nobody's. */
export type BearerCheck = (token: string) => Identity | undefined | Promise<Identity | undefined>;

/** Tokens that are looked up by digests, so that the time tells nothing of how much of one was right. */
export class NamedTokens {
  readonly #names: ReadonlyMap<string, string>;

  /** @param tokens by the name of their client. */
  constructor(tokens: ReadonlyMap<string, string>) {
    this.#names = new Map([...tokens].map(([name, token]) => [keyedDigest(token), name]));
  }

  find(token: string): Identity | undefined {
    const user = this.#names.get(keyedDigest(token));
    return user === undefined ? undefined : { user, how: 'token', tenants: undefined };
  }
}
