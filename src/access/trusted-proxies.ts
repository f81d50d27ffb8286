import { BlockList, isIP } from 'node:net';
import { isPrintableAscii } from '../model/ascii.ts';
import type { Identity } from '../model/identity.ts';

/** Proxies that say whose request they pass on. */
export interface ProxyRules {
  /** Addresses, and networks such as `10.0.0.0/8`. */
  readonly networks: readonly string[];
  /** The header in which they say it, in lower case. */
  readonly header: string;
}

const LONGEST_NAME = 256;

/** Finds out who asks by what a trusted proxy says. What others say by the same header counts for nothing. */
export class TrustedProxies {
  readonly #networks = new BlockList();
  readonly #header: string;

  constructor({ networks, header }: ProxyRules) {
    this.#header = header;
    for (const network of networks) {
      const [address = '', length] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (length === undefined) this.#networks.addAddress(address, family);
      else this.#networks.addSubnet(address, Number(length), family);
    }
  }

  identify(address: string, header: (name: string) => unknown): Identity | undefined {
    const user = header(this.#header);
    if (typeof user !== 'string' || !isName(user) || !this.#isTrusted(address)) return undefined;
    return { user, how: 'proxy', tenants: undefined };
  }

  #isTrusted(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#networks.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/** Several headers come as a list with commas: then the client may have sent one of them. */
function isName(user: string): boolean {
  return user !== '' && user.length <= LONGEST_NAME && isPrintableAscii(user) && !user.includes(',');
}
