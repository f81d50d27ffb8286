import { untilAborted } from '../../app/until-aborted.ts';
import type { RunningDemo } from '../../demo/start-demo.ts';
import type { Command } from '../command.ts';
import type { Flag } from '../flags/flag.ts';
import { helpText } from '../help.ts';
import { parseFlags } from '../parse-flags.ts';
import { VERSION } from '../version.ts';

const HTTP_ADDRESS = '127.0.0.1:10902';
const GRPC_ADDRESS = '127.0.0.1:10901';

const FLAGS: readonly Flag[] = [
  {
    name: 'http-address',
    kind: 'value',
    placeholder: 'HOST:PORT',
    help: `Where the gateway listens for HTTP. Default ${HTTP_ADDRESS}.`,
  },
  {
    name: 'grpc-address',
    kind: 'value',
    placeholder: 'HOST:PORT',
    help: `Where the gateway listens for gRPC. Default ${GRPC_ADDRESS}.`,
  },
];

/** `promweave demo`: everything in this process, on loopback ports. */
export const demo: Command = {
  name: 'demo',
  aliases: [],
  summary: 'Runs a gateway over four simulated Prometheus servers, with outages, to try things out.',
  usage: 'promweave demo [FLAGS]',
  flags: FLAGS,
  async run(args, { out, stop }) {
    const parsed = parseFlags(args, FLAGS);
    if (parsed.help) {
      out(helpText(demo));
      return 0;
    }
    const addresses = {
      http: String(parsed.values.get('http-address') ?? HTTP_ADDRESS),
      grpc: String(parsed.values.get('grpc-address') ?? GRPC_ADDRESS),
    };
    const { createLogger } = await import('../../telemetry/logger.ts');
    const logger = createLogger({ level: 'error', format: 'logfmt' });
    const { startDemo } = await import('../../demo/start-demo.ts');
    const running = await startDemo(addresses, VERSION, logger);
    out(greeting(running));
    await untilAborted(stop);
    await running.close();
    return 0;
  },
};

function greeting({ gateway: { url, grpcAddress }, replicas }: RunningDemo): string {
  const list = replicas.map(({ name, url: at, outages }) => `  ${name}  ${at}  ${outages}`).join('\n');
  return `promweave ${VERSION}: a gateway on ${url}, over two shards (eu, us) of two replicas (a, b) each:
${list}
Its page is ${url}/ and Thanos' gRPC services are on ${grpcAddress}.
The servers go down as listed, counted from now, and come back; they also had outages before. The two of a shard are
never down together, so what happens meanwhile is never missed. Four things to try:

  curl -sG ${url}/api/v1/query --data-urlencode 'query=count by (shard) (up)'
  curl -sG ${url}/api/v1/query --data-urlencode 'query=count by (shard, __replica__) (up)' -d dedup=false
  curl -sG ${url}/api/v1/query_range --data-urlencode 'query=sum by (job) (rate(http_requests_total[1m]))' \\
    -d start=$(($(date +%s) - 7200)) -d end=$(date +%s) -d step=60
  curl -sG ${url}/api/v1/query --data-urlencode 'query=count(up)' -d show_replaced=true

While a server is down, infos of the last answer name it, and a range over earlier outages of the other one of its
shard has a warning, because only the one that is down has samples of that time. Ctrl-C stops the demo.
`;
}
