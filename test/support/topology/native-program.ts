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
}

const PROGRAMS: Readonly<Record<string, NativeProgram>> = {
  'prom/prometheus': {
    what: 'prometheus',
    start: ['/usr/bin/prometheus'],
    debianPackage: 'prometheus',
    ports: [{ container: 9090, flag: '--web.listen-address' }],
    ready: '/-/ready',
  },
  'prom/node-exporter': {
    what: 'node-exporter',
    start: ['/usr/bin/prometheus-node-exporter'],
    debianPackage: 'prometheus-node-exporter',
    ports: [{ container: 9100, flag: '--web.listen-address' }],
    ready: '/',
  },
  promweave: {
    what: 'promweave',
    start: [process.execPath, '--max-semi-space-size=16', 'src/main.ts'],
    // No load balancer has to hear of its end.
    more: ['--http-shutdown-delay=0s'],
    ports: [
      { container: 10902, flag: '--http-address' },
      { container: 10901, flag: '--grpc-address' },
    ],
    ready: '/-/healthy',
  },
};

/** How a service runs here; undefined where only a container can. */
export function nativeProgram({ image }: ComposeService): NativeProgram | undefined {
  return PROGRAMS[image.split(':')[0]!];
}
