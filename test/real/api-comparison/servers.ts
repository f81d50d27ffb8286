import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writtenSeries } from '../../recordings/written-series.ts';
import { startMetricsTarget } from '../../support/metrics-target.ts';
import { remoteWrite } from '../../support/differential/remote-write.ts';
import { BASKET_RULES } from '../../support/basket-rules.ts';
import { startPrometheus } from '../../support/prometheus-server.ts';
import { startTestGateway } from '../../support/running-gateway.ts';
import { untilEndpointsUp } from '../../support/serve-process.ts';
import { until } from '../../support/until.ts';

const START_TIMEOUT_MS = 30_000;

/** A real server, and the gateway in front of it. */
export interface Pair {
  readonly server: string;
  readonly gateway: string;
  stop(): Promise<void>;
}

/** A server that holds the written series and nothing else, so that its answers never change. */
export async function startDataPair(): Promise<Pair> {
  const server = await startPrometheus({
    config: 'global: {}\n',
    args: [
      '--web.enable-remote-write-receiver',
      '--storage.tsdb.retention.time=100y',
      // The search is known to version 3 alone.
      '--enable-feature=native-histograms,search-api',
    ],
  });
  try {
    await remoteWrite(server.url, writtenSeries());
    return await withGateway(server);
  } catch (thrown) {
    await server.stop();
    throw thrown;
  }
}

/** A server that scrapes a target, whose samples and exemplars have times of their own, and evaluates rules. */
export async function startOperationPair(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), 'promweave-comparison-'));
  const now = Math.floor(Date.now() / 1000);
  const exposition = `# HELP basket_apples Apples in the basket.
# TYPE basket_apples gauge
basket_apples{sort="boskoop"} 7 ${now}
basket_apples{sort="\\"é\\" \\\\"} 0.1 ${now}
# HELP basket_visits Hands in the basket.
# TYPE basket_visits counter
basket_visits_total 3 ${now} # {trace_id="abc",hand="é"} 1 ${now - 5}.25
# EOF
`;
  const target = await startMetricsTarget(
    () => exposition,
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
  );
  const rules = join(folder, 'rules.yml');
  await writeFile(rules, BASKET_RULES);
  const release = async (): Promise<void> => {
    await target.stop();
    await rm(folder, { recursive: true });
  };
  try {
    const server = await startPrometheus({
      config: `
global: { scrape_interval: 1s }
rule_files: [${rules}]
scrape_configs:
- job_name: basket
  static_configs: [{ targets: ['${target.address}'], labels: { place: kitchen } }]
- job_name: dropped
  static_configs: [{ targets: ['${target.address}'] }]
  relabel_configs: [{ action: drop, source_labels: [job], regex: dropped }]
`,
      args: ['--enable-feature=exemplar-storage,search-api'],
    });
    const stop = async (): Promise<void> => {
      await server.stop();
      await release();
    };
    await until('the alert fires', START_TIMEOUT_MS, async () => {
      const response = await fetch(`${server.url}/api/v1/alerts`);
      return (await response.text()).includes('"firing"');
    });
    return await withGateway({ url: server.url, stop });
  } catch (thrown) {
    await release();
    throw thrown;
  }
}

async function withGateway(server: { readonly url: string; stop(): Promise<void> }): Promise<Pair> {
  const gateway = await startTestGateway([server.url]);
  await untilEndpointsUp(gateway.url, 1);
  return {
    server: server.url,
    gateway: gateway.url,
    stop: async () => {
      await gateway.close(0);
      await server.stop();
    },
  };
}
