import { fileURLToPath } from 'node:url';
import { startDnsServer, type DnsRecord, type DnsZone } from '../../../../support/dns-server.ts';
import type { ServeOptions } from '../../../../support/serve-process.ts';
import type { Replica } from '../../fleet/replica.ts';
import type { EndpointList } from './endpoint-list.ts';

const OTHER_RESOLVER = fileURLToPath(import.meta.resolve('../../../../support/other-resolver.ts'));
const SERVICE = '_prometheus._tcp.faults.test';
const TARGET = 'replicas.faults.test';

/** Records of a service in DNS. */
export class SrvList implements EndpointList {
  readonly endpoints: string = `  - address: dnssrv+http://${SERVICE}\n`;
  readonly discovery = '';
  readonly options: ServeOptions;
  readonly close: () => Promise<void>;
  readonly #zone: Record<string, DnsZone[string]>;
  #isSilent = false;
  #services: readonly DnsRecord[] = [];

  private constructor(
    zone: Record<string, DnsZone[string]>,
    server: Awaited<ReturnType<typeof startDnsServer>>,
  ) {
    this.#zone = zone;
    this.options = { execArgv: [`--import=${OTHER_RESOLVER}`], env: { DNS_SERVER: server.address } };
    this.close = () => server.close();
  }

  static async start(): Promise<SrvList> {
    const zone = {};
    return new SrvList(zone, await startDnsServer(zone));
  }

  async name(replicas: readonly Replica[]): Promise<void> {
    this.#services = replicas.map(({ proxy: { port } }) => ({ type: 'SRV', ttl: 1, port, target: TARGET }));
    this.#show();
  }

  /** Whether questions are left unanswered. */
  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
    this.#show();
  }

  #show(): void {
    this.#zone[SERVICE] = this.#isSilent ? 'silent' : this.#services;
    this.#zone[TARGET] = this.#isSilent ? 'silent' : [{ type: 'A', ttl: 1, address: '127.0.0.1' }];
  }
}
