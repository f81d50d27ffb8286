import { Counter, type Registry } from 'prom-client';
import { BusiestTenants } from './busiest-tenants.ts';

/** For requests of several tenants at once. No tenant has a space in its name. */
const SEVERAL = 'several tenants';

/** What one query of a tenant took. */
export interface TenantCost {
  /** From its coming until its answer was sent. */
  readonly ms: number;
  /** Samples that it looked at, summed over its steps. */
  readonly samples: number;
  /** Received from endpoints. */
  readonly bytes: number;
}

/** What tenants take is heard here. */
export interface TenantMetrics {
  admitted(tenant: string): void;
  sent(tenant: string, cost: TenantCost): void;
}

/** Adds what tenants take to the registry: of the fifty with the most requests each for itself, of all others together. */
export function createTenantMetrics(registry: Registry): TenantMetrics {
  const counter = (name: string, help: string): Counter<'tenant'> =>
    new Counter({ name, help, labelNames: ['tenant'], registers: [registry] });
  const requests = counter(
    'promweave_tenant_requests_total',
    'Requests for data by tenant: the 50 with the most requests, and "other tenants".',
  );
  const seconds = counter(
    'promweave_tenant_query_seconds_total',
    'Time of queries by tenant, from their coming until their answer was sent.',
  );
  const samples = counter(
    'promweave_tenant_query_samples_total',
    'Samples that queries looked at by tenant, summed over their steps.',
  );
  const bytes = counter(
    'promweave_tenant_received_bytes_total',
    'Bytes of samples received for queries by tenant.',
  );
  const counters = [requests, seconds, samples, bytes];
  const busiest = new BusiestTenants((tenant) => {
    for (const each of counters) each.remove({ tenant });
  });
  return {
    admitted: (name) => {
      const tenant = single(name);
      busiest.count(tenant);
      requests.inc({ tenant: busiest.nameOf(tenant) });
    },
    sent: (name, cost) => {
      if (name === '') return;
      const tenant = busiest.nameOf(single(name));
      seconds.inc({ tenant }, cost.ms / 1000);
      samples.inc({ tenant }, cost.samples);
      bytes.inc({ tenant }, cost.bytes);
    },
  };
}

function single(tenant: string): string {
  return tenant.includes('|') ? SEVERAL : tenant;
}
