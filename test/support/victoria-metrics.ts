import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from './process.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

const BINARY = '/usr/bin/victoria-metrics';
const START_TIMEOUT_MS = 30_000;

export interface VictoriaMetrics {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a real VictoriaMetrics of Debian's package with these samples, in Prometheus' text format with times in ms. */
export async function startVictoriaMetrics(samples: string): Promise<VictoriaMetrics> {
  const folder = await mkdtemp(join(tmpdir(), 'promweave-victoria-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const running = await startProcess(
    BINARY,
    [
      `-storageDataPath=${join(folder, 'data')}`,
      `-httpListenAddr=${new URL(url).host}`,
      '-retentionPeriod=100y',
    ],
    'victoria-metrics',
  );
  const stop = async (): Promise<void> => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(`VictoriaMetrics answers:\n${running.output()}`, START_TIMEOUT_MS, () =>
      isOk(`${url}/health`),
    );
    const imported = await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body: samples });
    if (!imported.ok) throw new Error(`VictoriaMetrics refused the samples: ${await imported.text()}`);
    // What was sent can be found after this.
    await fetch(`${url}/internal/force_flush`);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { url, stop };
}

async function isOk(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
