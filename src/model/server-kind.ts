/** The servers with an HTTP API like that of Prometheus which are known by name. */
export const SERVER_KINDS = [
  'prometheus',
  'promweave',
  'victoria-metrics',
  'mimir',
  'cortex',
  'thanos',
  'promxy',
  'influxdb',
] as const;

export type ServerKind = (typeof SERVER_KINDS)[number];
