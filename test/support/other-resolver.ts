import dns from 'node:dns/promises';
import { syncBuiltinESMExports } from 'node:module';

/** Loaded before the gateway: it asks the DNS server at `DNS_SERVER` alone, as a machine does that is set up so. */
const server = process.env['DNS_SERVER']!;
dns.Resolver = class extends dns.Resolver {
  constructor(options?: ConstructorParameters<typeof dns.Resolver>[0]) {
    super(options);
    this.setServers([server]);
  }
};
syncBuiltinESMExports();
