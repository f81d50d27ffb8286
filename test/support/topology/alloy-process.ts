/**
 * Stands for a replica of Grafana Alloy, of which there is no Debian package:
 * `alloy-process.ts run --server.http.listen-addr=HOST:PORT --storage.path=FOLDER --cluster.join-addresses=HOST:PORT,… FILE`.
 * It does what the file says by Prometheus in agent mode, one for each target: a Prometheus that goes on without a target would write stale
 * markers for it, which Alloy leaves out where a target moved. In the place of gossip, it asks the others whether they are there.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readPipelines, type Pipeline } from '../alloy/pipelines.ts';
import { ownerOf } from '../alloy/share.ts';

const LOOK_MS = 250;
const TOGETHER_MS = 1000;
const GOODBYE_MS = 1000;
const READY = '/-/ready';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'server.http.listen-addr': { type: 'string' },
    'storage.path': { type: 'string' },
    'disable-reporting': { type: 'boolean' },
    'cluster.enabled': { type: 'boolean' },
    'cluster.join-addresses': { type: 'string' },
  },
});
const own = values['server.http.listen-addr']!;
const storage = values['storage.path']!;
const replicas = values['cluster.enabled'] ? values['cluster.join-addresses']!.split(',') : [own];
mkdirSync(storage, { recursive: true });
const pipelines = readPipelines(readFileSync(positionals[1]!, 'utf8'));

/** By component and target. */
const agents = new Map<string, ChildProcess>();
/** Targets that went to another replica, by component. */
const moved = new Map<string, number>();
let present: readonly string[] = [];

const server = createServer((request, response) => {
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  if (request.url === '/metrics') response.write(metrics());
  else response.statusCode = request.url === READY ? 200 : 404;
  response.end();
});
const [host, port] = own.split(':') as [string, string];
server.listen(Number(port), host);
let looking: NodeJS.Timeout | undefined;
// Those that start together share from the begin, or each would take all targets first.
setTimeout(() => (looking = setInterval(() => void look(), LOOK_MS)), TOGETHER_MS);
process.on('SIGTERM', () => {
  clearInterval(looking);
  server.close();
  server.closeAllConnections();
  for (const agent of agents.values()) agent.kill();
  // An agent goes on trying to send, for a minute, where a store is away.
  setTimeout(() => process.exit(), GOODBYE_MS).unref();
});

async function look(): Promise<void> {
  const there = await Promise.all(
    replicas.map(async (replica) => (replica === own || (await isThere(replica)) ? [replica] : [])),
  );
  present = there.flat();
  for (const pipeline of pipelines) share(pipeline);
}

function share(pipeline: Pipeline): void {
  const { id, targets = [own], isClustered } = pipeline;
  for (const target of targets) {
    const isOurs = !isClustered || ownerOf(target, present) === own;
    const key = `${id} ${target}`;
    const agent = agents.get(key);
    if (isOurs && agent === undefined) agents.set(key, startAgent(pipeline, target));
    if (isOurs || agent === undefined) continue;
    agents.delete(key);
    moved.set(id, (moved.get(id) ?? 0) + 1);
    agent.kill();
  }
}

function startAgent(
  { id, targets, job, scrapeInterval, externalLabels, writes }: Pipeline,
  target: string,
): ChildProcess {
  // A new one each time: the agent that had the target before may still be sending.
  const folder = mkdtempSync(join(storage, `${id}-`));
  const file = join(folder, 'prometheus.yml');
  const labels = targets === undefined ? { instance: process.env['HOSTNAME'] } : {};
  // Each JSON is YAML.
  writeFileSync(
    file,
    JSON.stringify({
      global: { scrape_interval: scrapeInterval, external_labels: externalLabels },
      scrape_configs: [{ job_name: job, static_configs: [{ targets: [target], labels }] }],
      remote_write: writes,
    }),
  );
  const started = spawn(
    'setpriv',
    [
      // Also where this process is killed, its agents end.
      '--pdeathsig=KILL',
      '/usr/bin/prometheus',
      '--enable-feature=agent',
      '--web.listen-address=127.0.0.1:0',
      '--log.level=warn',
      `--storage.agent.path=${join(folder, 'data')}`,
      `--config.file=${file}`,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  started.on('error', (error) => console.error(error.message));
  return started;
}

function metrics(): string {
  const lines = [`cluster_node_peers{state="participant"} ${present.length}`];
  for (const { id } of pipelines) {
    const labels = `{component_id="${id}",component_path="/"}`;
    const count = [...agents.keys()].filter((key) => key.startsWith(`${id} `)).length;
    lines.push(
      `prometheus_scrape_targets_gauge${labels} ${count}`,
      `prometheus_scrape_targets_moved_total${labels} ${moved.get(id) ?? 0}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

async function isThere(replica: string): Promise<boolean> {
  return fetch(`http://${replica}${READY}`, { signal: AbortSignal.timeout(LOOK_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}
