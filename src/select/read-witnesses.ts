import type { BackendFailure, BackendSelect } from '../backend/backend.ts';
import { boundedCall } from '../cluster/bounded-call.ts';
import type { Endpoint } from '../cluster/topology.ts';
import { METRIC_NAME, pairsOf, type Labels } from '../model/labels.ts';
import type { Matcher } from '../model/matcher.ts';
import { failed, success, type Result } from '../model/result.ts';
import { copyColumns, SampleBuffer, type SampleColumns } from '../model/sample-columns.ts';
import type { TimeRange } from '../model/time-range.ts';
import { ChunkFormatError } from '../wire/chunk/chunk-format-error.ts';
import type { SelectionContext } from './context.ts';
import { ReadScratch, readReplica } from './read-replica.ts';

/** What it takes to ask. */
export type WitnessContext = Pick<SelectionContext, 'timers' | 'clock'>;

/** The samples of the `up` series that tell when an endpoint was running, each for itself. */
export async function readWitnesses(
  { backend, address, timeoutMs, witnesses = [] }: Endpoint,
  { minTime, maxTime }: TimeRange,
  { timers }: WitnessContext,
  signal: AbortSignal,
): Promise<Result<readonly SampleColumns[], BackendFailure>> {
  const columns: SampleColumns[] = [];
  const answers = await Promise.all(
    witnesses.map(async (labels) => {
      const request: BackendSelect = {
        matchers: matchersOf(labels),
        minTime,
        maxTime,
        hints: { range: 0, func: '' },
      };
      return boundedCall({ address, timeoutMs, timers }, signal, (inner) => backend.select(request, inner));
    }),
  );
  for (const answer of answers) {
    if (!answer.ok) return answer;
    const [samples, scratch] = [new SampleBuffer(), new ReadScratch()];
    for (const { data } of answer.value.series) {
      try {
        readReplica([data], minTime, maxTime, samples, scratch);
      } catch (thrown) {
        if (!(thrown instanceof ChunkFormatError)) throw thrown;
        return failed({ kind: 'bad_data', endpoint: address, reason: thrown.message });
      }
      columns.push(copyColumns(samples));
    }
  }
  return success(columns);
}

/** Whether an endpoint scraped anything at all in a time range. */
export async function hadTargets(
  { backend, address, timeoutMs }: Endpoint,
  range: TimeRange,
  { timers }: WitnessContext,
  signal: AbortSignal,
): Promise<Result<boolean, BackendFailure>> {
  const request = {
    matcherSets: [[{ kind: '=', name: METRIC_NAME, value: 'up' }]],
    ...range,
    limit: 1,
  } as const;
  const listed = await boundedCall({ address, timeoutMs, timers }, signal, (inner) =>
    backend.series(request, inner),
  );
  return listed.ok ? success(listed.value.items.length > 0) : listed;
}

function matchersOf(labels: Labels): readonly Matcher[] {
  return [...pairsOf(labels)].map(([name, value]) => ({ kind: '=', name, value }));
}
