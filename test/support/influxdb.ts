import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remoteWrite } from './differential/remote-write.ts';
import type { SampleSeries } from './differential/sample-series.ts';
import { freePort } from './free-port.ts';
import { startProcess } from './process.ts';
import { until } from './until.ts';

const BINARY = '/usr/bin/influxd';
const START_TIMEOUT_MS = 30_000;

export interface InfluxDb {
  readonly url: string;
  readonly database: string;
  stop(): Promise<void>;
}

/** Starts a real InfluxDB 1 of Debian's package, whose only database has these series. Their values are finite: it takes no others. */
export async function startInfluxDb(series: readonly SampleSeries[]): Promise<InfluxDb> {
  const folder = await mkdtemp(join(tmpdir(), 'promweave-influxdb-'));
  const [port, inner] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'influxdb.conf');
  const at = (name: string): string => JSON.stringify(join(folder, name));
  await writeFile(
    config,
    `reporting-disabled = true
bind-address = "127.0.0.1:${inner}"
[meta]
dir = ${at('meta')}
[data]
dir = ${at('data')}
wal-dir = ${at('wal')}
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:${port}"
`,
  );
  const running = await startProcess(BINARY, ['-config', config], 'influxdb');
  const stop = async (): Promise<void> => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const database = 'prom';
  try {
    await until(`InfluxDB answers:\n${running.output()}`, START_TIMEOUT_MS, () =>
      fetch(`${url}/ping`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    await fetch(`${url}/query?q=${encodeURIComponent(`CREATE DATABASE "${database}"`)}`, { method: 'POST' });
    await remoteWrite(url, series, `/api/v1/prom/write?db=${database}`);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { url, database, stop };
}
