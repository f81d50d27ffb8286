import type { HttpCall } from '../recordings/http-calls.ts';
import { OWN_RECORDING, type Recording } from '../support/recorded.ts';

/** A call that a real server answered. */
export interface RecordedCall extends HttpCall {
  readonly status: number;
  readonly content_type: string;
  readonly body: string;
}

export function recordedCalls(recording: Recording): readonly RecordedCall[] {
  const file = recording === OWN_RECORDING ? 'http.jsonl' : 'http-prometheus-3.14.jsonl';
  const lines = recording.read(file).toString('utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RecordedCall);
}

/** Routes of Prometheus that this server does not have, or refuses: starts of paths, each with the reason. */
export const NOT_SERVED: readonly (readonly [path: string, reason: string])[] = [
  ['/api/v1/write', 'nothing is stored here'],
  ['/api/v1/admin/', 'as above'],
];

/** Calls that the recorded server had disabled, and that are answered here. */
export const SERVED_HERE_ALONE: readonly (readonly [path: string, reason: string])[] = [
  ['/api/v1/search/', 'behind a flag of Prometheus'],
];

/** Calls whose bodies cannot be the same: starts of paths, each with the reason. Status and type are compared. */
export function otherBodies(recording: Recording): readonly (readonly [path: string, reason: string])[] {
  return recording === OWN_RECORDING ? OTHER_BODIES_OF_242 : OTHER_BODIES_OF_314;
}

const OTHER_BODIES_OF_242: readonly (readonly [path: string, reason: string])[] = [
  ['/-/', 'names another server'],
  ['/api/v1/status/config', 'is the configuration of another server'],
];

const OTHER_BODIES_OF_314: readonly (readonly [path: string, reason: string])[] = [
  ['/api/v1/status/buildinfo', 'tells about another server'],
  ['/api/v1/features', 'as above; what it says of PromQL is compared by itself'],
  ['/api/v1/status/runtimeinfo', 'as above'],
  ['/api/v1/status/flags', 'as above'],
  ['/api/v1/status/config', 'as above'],
  [
    '/api/v1/labels?start=',
    'the recorded server had imported these samples and kept them out of label lookups',
  ],
  ['/api/v1/labels?match[]=up', 'as above'],
  ['/api/v1/label/type/', 'as above'],
  ['/api/v1/label/U__type/', 'the recorded server had series of its own besides the imported ones'],
  ['/api/v1/series?match[]=demo_memory', 'as for labels'],
  ['/api/v1/targets/metadata?limit=3', 'lists metrics in another order each time; here sorted'],
  ['/api/v1/metadata?limit=2', 'chooses other metrics each time; here the first ones'],
  ['/api/v1/query?query=sum(demo_num_cpus)', 'durations differ, and samplesRead is not told'],
];

/** Calls that an endpoint which is read over gRPC has no answer to: starts of paths, each with the reason. */
export const UNTOLD_BY_GRPC: readonly (readonly [path: string, reason: string])[] = [
  ['/api/v1/targets/metadata', 'thanos.Metadata does not say which target a metric is from'],
];

/**
 * What an endpoint that is read over gRPC does not tell, since thanos.Targets has no fields for it: how often targets are
 * scraped, and how many dropped ones each pool has. It is left out of both bodies.
 */
export function withoutUntoldByGrpc(body: string): string {
  return body
    .replaceAll(/,"scrapeInterval":"[^"]*","scrapeTimeout":"[^"]*"/g, '')
    .replaceAll(/,"droppedTargetCounts":(null|\{[^}]*\})/g, '');
}

export function reasonIn(
  list: readonly (readonly [path: string, reason: string])[],
  { path }: RecordedCall,
): string | undefined {
  return list.find(([start]) => path.startsWith(start))?.[1];
}

/** The time at which a call without one was answered, where the answer tells it; ms. */
export function answeredAt({ body }: RecordedCall): number | undefined {
  const [, seconds] = /"result":\[(?:\{"metric":\{\},"value":\[)?(\d+(?:\.\d+)?),/.exec(body) ?? [];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000);
}
