import type { ServerKind } from '../../../model/server-kind.ts';
import type { Kind } from './kind.ts';

/** What a server is taken for that does not tell what it is: all is tried, and what it does not have is not missed. */
const PROMETHEUS: Kind = {
  name: 'prometheus',
  title: 'Prometheus',
  protocols: ['remote-read-chunks', 'remote-read-samples', 'query'],
  readPath: '/api/v1/read',
  parameters: [],
  prefix: undefined,
  isNaNStale: false,
  takesMatchers: true,
  sendsTrailers: false,
  lookups: 'api',
  tellsOrigins: true,
};

/** A server that others write to, or that reads from others: its series may come from anywhere. */
const STORE: Kind = { ...PROMETHEUS, tellsOrigins: false };

/** An agent scrapes and sends on; its API answers `unavailable with Prometheus Agent` to all that asks for samples. */
export const AGENT: Kind = {
  ...STORE,
  name: 'prometheus-agent',
  title: 'Prometheus in agent mode',
  protocols: [],
  lookups: 'none',
};

/** All kinds by name. A kind is a value; code that reads samples looks at its members and never at its name. */
export const KINDS: Readonly<Record<ServerKind, Kind>> = {
  prometheus: PROMETHEUS,
  promweave: { ...STORE, name: 'promweave', title: 'promweave', sendsTrailers: true },
  // It leaves NaN out of what it stores, since its numbers have none, other than for stale markers.
  'victoria-metrics': {
    ...STORE,
    name: 'victoria-metrics',
    title: 'VictoriaMetrics',
    protocols: ['export', 'query'],
    parameters: [['nocache', '1']],
    isNaNStale: true,
  },
  mimir: { ...STORE, name: 'mimir', title: 'Grafana Mimir', prefix: '/prometheus' },
  // It sends samples, whatever form of an answer a request accepts.
  cortex: { ...STORE, name: 'cortex', title: 'Cortex', prefix: '/prometheus' },
  // It has no remote read, which its answers tell. It merges replicas unless it is told not to, and that is for this gateway to do.
  thanos: {
    ...STORE,
    name: 'thanos',
    title: 'Thanos Query',
    parameters: [
      ['dedup', 'false'],
      ['partial_response', 'true'],
      ['max_source_resolution', '0s'],
    ],
  },
  // It fails where it is asked for chunks.
  promxy: { ...STORE, name: 'promxy', title: 'promxy', protocols: ['remote-read-samples', 'query'] },
  // Its patterns are not anchored, and it fails on a negative matcher without one on the name.
  influxdb: {
    ...STORE,
    name: 'influxdb',
    title: 'InfluxDB',
    protocols: ['remote-read-samples'],
    readPath: '/api/v1/prom/read',
    takesMatchers: false,
    lookups: 'series-keys',
  },
};
