import type { ComposeService } from './compose-file.ts';

/** How a service of an image runs without a container. */
export interface NativeProgram {
  /** What the image is, in a word. */
  readonly what: string;
  /** The program, and its first arguments. */
  readonly start: readonly string[];
  /** Flags that only a native run has. */
  readonly more?: readonly string[];
  readonly debianPackage?: string;
  /** The ports of its container that others use, the one that answers HTTP first, each with the flag that says where to listen. */
  readonly ports: readonly { readonly container: number; readonly flag: string }[];
  /** The path that answers once it is ready. */
  readonly ready: string;
  /** What a stand-in is told in the place of the command of the container. */
  readonly command?: (command: readonly string[]) => readonly string[];
}

/** How the gateway is started, from the sources. */
const PROMWEAVE: NativeProgram = {
  what: 'promweave',
  start: [process.execPath, '--max-semi-space-size=16', 'src/main.ts'],
  // No load balancer has to hear of its end.
  more: ['--http-shutdown-delay=0s'],
  ports: [
    { container: 10902, flag: '--http-address' },
    { container: 10901, flag: '--grpc-address' },
  ],
  ready: '/-/healthy',
};

const PROMETHEUS_OF_SIDECAR = '--prometheus.url=';

const PROGRAMS: Readonly<Record<string, NativeProgram>> = {
  'prom/prometheus': {
    what: 'prometheus',
    start: ['/usr/bin/prometheus'],
    debianPackage: 'prometheus',
    ports: [{ container: 9090, flag: '--web.listen-address' }],
    ready: '/-/ready',
  },
  'prom/alertmanager': {
    what: 'alertmanager',
    start: ['/usr/bin/prometheus-alertmanager'],
    debianPackage: 'prometheus-alertmanager',
    ports: [
      { container: 9093, flag: '--web.listen-address' },
      { container: 9094, flag: '--cluster.listen-address' },
    ],
    ready: '/-/ready',
  },
  // Debian has no Alloy.
  'grafana/alloy': {
    what: 'Prometheus agents in the place of alloy',
    start: [process.execPath, 'test/support/topology/alloy-process.ts'],
    debianPackage: 'prometheus',
    ports: [{ container: 12_345, flag: '--server.http.listen-addr' }],
    ready: '/-/ready',
  },
  'victoriametrics/victoria-metrics': {
    what: 'victoria-metrics',
    start: ['/usr/bin/victoria-metrics'],
    debianPackage: 'victoria-metrics',
    ports: [{ container: 8428, flag: '-httpListenAddr' }],
    ready: '/health',
  },
  'ealen/echo-server': {
    what: 'webhook',
    start: [process.execPath, 'test/support/topology/webhook-process.ts'],
    ports: [{ container: 8080, flag: '--listen' }],
    ready: '/',
  },
  'prom/node-exporter': {
    what: 'node-exporter',
    start: ['/usr/bin/prometheus-node-exporter'],
    debianPackage: 'prometheus-node-exporter',
    ports: [{ container: 9100, flag: '--web.listen-address' }],
    ready: '/',
  },
  promweave: PROMWEAVE,
  // Debian has no Thanos. A gateway over that one server answers over the same protocol.
  'quay.io/thanos/thanos': {
    ...PROMWEAVE,
    what: 'promweave as a sidecar',
    command: (command) => [
      'serve',
      '--refresh-interval=1s',
      '--query.threads=0',
      ...command
        .filter((arg) => arg.startsWith(PROMETHEUS_OF_SIDECAR))
        .map((arg) => `--endpoint=${arg.slice(PROMETHEUS_OF_SIDECAR.length)}`),
    ],
  },
};

/** How a service runs here; undefined where only a container can. */
export function nativeProgram({ image }: ComposeService): NativeProgram | undefined {
  return PROGRAMS[image.split(':')[0]!];
}
