import { LRUCache } from 'lru-cache';
import { bcryptCost } from '../model/bcrypt-hash.ts';
import { QueryError } from '../model/errors.ts';
import { FairQueue } from '../model/fair-queue.ts';
import { keyedDigest } from './keyed-digest.ts';

/** Whether a password has this bcrypt hash. It takes a while, and another thread. */
export type PasswordCheck = (password: string, hash: string) => Promise<boolean>;

/** Passwords whose outcome is remembered: right ones, and as many wrong ones, so that guesses do not drive right ones out. */
const MOST_KNOWN = 1000;

/** Passwords that are checked at the same time. Each takes a whole core for a quarter of a second at cost 12. */
const AT_ONCE = 1;

/** Passwords that wait to be checked, in turns between addresses. */
const MOST_WAITING = 100;

/** Takes the place of the hash of a user that does not exist where there is no user at all. */
const NOBODYS_HASH = `$2b$10$${'.'.repeat(53)}`;

const NEVER = new AbortController().signal;

/**
 * Checks passwords against bcrypt hashes. What a user that does not exist costs is what one costs that does: a password of it is checked
 * against a hash of another user, and the outcome thrown away.
 */
export class Passwords {
  readonly #check: PasswordCheck;
  readonly #right = new LRUCache<string, true>({ max: MOST_KNOWN });
  readonly #wrong = new LRUCache<string, true>({ max: MOST_KNOWN });
  /** Those that are being checked, or wait for it. Clients that come together with one password wait for one check. */
  readonly #running = new Map<string, Promise<boolean>>();
  readonly #queue = new FairQueue({ places: AT_ONCE, mostWaiting: MOST_WAITING, full: tooManyWait });

  constructor(check: PasswordCheck) {
    this.#check = check;
  }

  /**
   * Rejects with `overloaded` where too many wait.
   * @param users hashes by user.
   * @param address in whose turn it waits.
   */
  async isRight(
    users: ReadonlyMap<string, string>,
    user: string,
    password: string,
    address: string,
  ): Promise<boolean> {
    const own = users.get(user);
    const hash = own ?? standIn(users, user);
    const key = keyedDigest(user, hash, password);
    if (this.#right.get(key) === true) return own !== undefined;
    if (this.#wrong.get(key) === true) return false;
    const running = this.#running.get(key) ?? this.#begin(key, password, hash, address);
    return (await running) && own !== undefined;
  }

  #begin(key: string, password: string, hash: string, address: string): Promise<boolean> {
    const running = this.#checkInTurn(key, password, hash, address);
    this.#running.set(key, running);
    return running;
  }

  async #checkInTurn(key: string, password: string, hash: string, address: string): Promise<boolean> {
    try {
      const isRight = await this.#queue.run(address, NEVER, () => this.#check(password, hash));
      (isRight ? this.#right : this.#wrong).set(key, true);
      return isRight;
    } finally {
      this.#running.delete(key);
    }
  }
}

/** The hash of some user, always the same for one name, so that the costs of all are as likely as among those that exist. */
function standIn(users: ReadonlyMap<string, string>, user: string): string {
  if (users.size === 0) return NOBODYS_HASH;
  const hashes = [...users.values()].filter((hash) => bcryptCost(hash) !== undefined);
  const number = Buffer.from(keyedDigest(user), 'base64').readUInt32LE();
  return hashes[number % hashes.length] ?? NOBODYS_HASH;
}

function tooManyWait(): QueryError {
  return new QueryError(
    'overloaded',
    `${MOST_WAITING} passwords wait to be checked already, which is the limit; try again later`,
  );
}
