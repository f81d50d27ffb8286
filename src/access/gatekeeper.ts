import { userOf, type CertificateSubject } from '../model/certificate-subject.ts';
import { NOBODY, type Identity } from '../model/identity.ts';
import { parseAuthorization, type Authorization } from './authorization.ts';
import type { BearerCheck } from './named-tokens.ts';
import { Passwords } from './passwords.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/** What balancers ask, which have no credentials to show. */
const HEALTH: ReadonlySet<string> = new Set([
  '/-/healthy',
  '/-/ready',
  '/grpc.health.v1.Health/Check',
  '/grpc.health.v1.Health/Watch',
]);

/** Who may come in, as it is now. */
export interface AccessRules {
  /** bcrypt hashes by user; nobody is asked for a password where it is empty. */
  readonly users: ReadonlyMap<string, string>;
  /** What looks at bearer tokens, in their order. */
  readonly bearers: readonly BearerCheck[];
  /** Undefined where none is trusted. */
  readonly proxies: TrustedProxies | undefined;
  /** Whether everybody may ask for the health. */
  readonly isHealthOpen: boolean;
}

/** What is known of a caller before its credentials are looked at. */
export interface Visitor {
  /** Of the connection, without its port; empty for a socket that has none. */
  readonly address: string;
  /** What it sent by a header, by its name in lower case. */
  readonly header: (name: string) => unknown;
  /** Whom its certificate is issued for; undefined where it showed none that is trusted. */
  readonly certificate: CertificateSubject | undefined;
  /** Whether the certificate alone will do. Over HTTP it is asked for beside a password, as by Prometheus. */
  readonly isProvenByCertificate: boolean;
}

/** What came of looking at a visitor: who it is, or in which ways it may show that (the header `WWW-Authenticate`). */
export type Verdict =
  | { readonly kind: 'admitted'; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly challenges: readonly string[] };

/** Finds out who asks, for both transports. */
export class Gatekeeper {
  readonly #rules: () => AccessRules;
  readonly #passwords: Passwords;

  constructor(rules: () => AccessRules, passwords: Passwords) {
    this.#rules = rules;
    this.#passwords = passwords;
  }

  /** Whether callers have to show who they are. */
  get isGuarded(): boolean {
    return challengesOf(this.#rules()).length > 0;
  }

  /**
   * What is known without a look at credentials; undefined where {@link admit} has to look.
   * @param path the route over HTTP, the method with its service over gRPC.
   */
  admitAtOnce(visitor: Visitor, path: string): Verdict | undefined {
    const rules = this.#rules();
    const isOpen =
      visitor.isProvenByCertificate ||
      (rules.isHealthOpen && HEALTH.has(path)) ||
      challengesOf(rules).length === 0;
    return isOpen ? admitted(unasked(visitor)) : undefined;
  }

  /** Looks at the credentials. Rejects with `overloaded` where too many wait for it. */
  async admit(visitor: Visitor): Promise<Verdict> {
    const rules = this.#rules();
    const challenges = challengesOf(rules);
    const authorization = parseAuthorization(visitor.header('authorization'));
    const identity =
      rules.proxies?.identify(visitor.address, visitor.header) ??
      (authorization && (await this.#identify(rules, authorization, visitor)));
    return identity === undefined ? { kind: 'refused', challenges } : admitted(identity);
  }

  async #identify(
    rules: AccessRules,
    authorization: Authorization,
    { address }: Visitor,
  ): Promise<Identity | undefined> {
    if (authorization.kind === 'bearer') return bearerOf(rules, authorization.token);
    if (rules.users.size === 0) return undefined;
    const { user, password } = authorization;
    const isRight = await this.#passwords.isRight(rules.users, user, password, address);
    return isRight ? { user, how: 'basic', tenants: undefined } : undefined;
  }
}

/** Asks nobody who it is. */
export const NO_GATEKEEPER: Gatekeeper = new Gatekeeper(
  () => ({ users: new Map(), bearers: [], proxies: undefined, isHealthOpen: true }),
  new Passwords(async () => false),
);

function admitted(identity: Identity): Verdict {
  return { kind: 'admitted', identity };
}

/** A certificate says who it is also where nobody asks. */
function unasked({ certificate }: Visitor): Identity {
  return certificate === undefined
    ? NOBODY
    : { user: userOf(certificate), how: 'certificate', tenants: undefined };
}

async function bearerOf({ bearers }: AccessRules, token: string): Promise<Identity | undefined> {
  for (const check of bearers) {
    const identity = await check(token);
    if (identity !== undefined) return identity;
  }
  return undefined;
}

/** Empty where nobody has to show anything. A proxy that shows its users has no scheme, and an answer must name one. */
function challengesOf({ users, bearers, proxies }: AccessRules): readonly string[] {
  const schemes = [...(users.size > 0 ? ['Basic'] : []), ...(bearers.length > 0 ? ['Bearer'] : [])];
  return schemes.length === 0 && proxies !== undefined ? ['Bearer'] : schemes;
}
