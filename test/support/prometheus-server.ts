import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** Debian's package; `PROMETHEUS_BIN` names another binary. */
const BINARY = process.env['PROMETHEUS_BIN'] ?? '/usr/bin/prometheus';
const START_TIMEOUT_MS = 30_000;
const PORT_ATTEMPTS = 5;

export interface PrometheusServerOptions {
  /** prometheus.yml as text. */
  readonly config: string;
  /** Storage to serve; a new, empty one where it is left out. It is the caller's to remove. */
  readonly dataDir?: string;
  /** What `--storage.….path` is that of: an agent has another one than a server. */
  readonly storage?: 'tsdb' | 'agent';
  readonly args?: readonly string[];
  /** Where to listen, for a server that comes back; a free one where it is left out. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface PrometheusServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends the process and removes what was made for it. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts a real Prometheus on a free port of 127.0.0.1 and waits until it is ready. Prometheus cannot choose a port
 * itself, so one is looked for first, and again where somebody else was quicker.
 */
export async function startPrometheus(options: PrometheusServerOptions): Promise<PrometheusServer> {
  await access(BINARY).catch(() => {
    throw new Error(
      `${BINARY} is not there; install it with "apt-get install prometheus" or set PROMETHEUS_BIN`,
    );
  });
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(options.port ?? (await freePort()), options);
    } catch (thrown) {
      const taken = thrown instanceof Error && /address already in use/.test(thrown.message);
      if (!taken || attempt === PORT_ATTEMPTS) throw thrown;
    }
  }
}

async function startOn(port: number, options: PrometheusServerOptions): Promise<PrometheusServer> {
  const folder = await mkdtemp(join(tmpdir(), 'promweave-prometheus-'));
  const configFile = join(folder, 'prometheus.yml');
  await writeFile(configFile, options.config);
  const child = spawn(
    BINARY,
    [
      `--config.file=${configFile}`,
      `--storage.${options.storage ?? 'tsdb'}.path=${options.dataDir ?? join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...(options.args ?? []),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...options.env } },
  );
  let log = '';
  child.stderr.on('data', (part: Buffer) => {
    log = (log + part.toString()).slice(-8192);
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(force);
    }
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([
      untilReady(url),
      exited.then(() => Promise.reject(new Error(`prometheus ended before it was ready:\n${log}`))),
    ]);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { url, port, pid: child.pid!, stop };
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const ready = await fetch(`${url}/-/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    if (performance.now() > deadline)
      throw new Error(`prometheus at ${url} was not ready within ${START_TIMEOUT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
