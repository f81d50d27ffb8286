import type { BackendSelect } from '../../backend/backend.ts';
import type { BackendFailure } from '../../model/loss.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import type { Endpoint } from '../../cluster/topology.ts';
import { METRIC_NAME, pairsOf, type Labels } from '../../model/labels.ts';
import type { Matcher } from '../../model/matcher.ts';
import { failed, success, type Result } from '../../model/result.ts';
import { copyColumns, SampleBuffer, type SampleColumns } from '../../model/sample-columns.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { ReadScratch, tryReadReplica } from '../reading/read-replica.ts';
import { callEndpoint, withSums, type CallContext } from '../routing/call-endpoint.ts';

/** The samples of the `up` series that tell when an endpoint was running, each for itself. */
export async function readWitnesses(
  context: CallContext,
  scope: RequestScope,
  endpoint: Endpoint,
  { minTime, maxTime }: TimeRange,
): Promise<Result<readonly SampleColumns[], BackendFailure>> {
  const { backend, address, witnesses = [] } = endpoint;
  const columns: SampleColumns[] = [];
  const answers = await Promise.all(
    witnesses.map(async (labels) => {
      const request: BackendSelect = {
        matchers: matchersOf(labels),
        minTime,
        maxTime,
        hints: { range: 0, func: '' },
      };
      return callEndpoint(context, scope, endpoint, async (inner) =>
        withSums(inner, backend.select(inner, request)),
      );
    }),
  );
  for (const answer of answers) {
    if (!answer.ok) return answer;
    const [samples, scratch] = [new SampleBuffer(), new ReadScratch()];
    for (const { data } of answer.value.series) {
      const problem = tryReadReplica([data], { minTime, maxTime }, samples, scratch);
      if (problem !== undefined) return failed({ kind: 'bad_data', endpoint: address, reason: problem });
      columns.push(copyColumns(samples));
    }
  }
  return success(columns);
}

/** Whether an endpoint scraped anything at all in a time range. */
export async function hadTargets(
  context: CallContext,
  scope: RequestScope,
  endpoint: Endpoint,
  range: TimeRange,
): Promise<Result<boolean, BackendFailure>> {
  const request = {
    matcherSets: [[{ kind: '=', name: METRIC_NAME, value: 'up' }]],
    ...range,
    limit: 1,
  } as const;
  const listed = await callEndpoint(context, scope, endpoint, (inner) =>
    endpoint.backend.series(inner, request),
  );
  return listed.ok ? success(listed.value.items.length > 0) : listed;
}

function matchersOf(labels: Labels): readonly Matcher[] {
  return [...pairsOf(labels)].map(([name, value]) => ({ kind: '=', name, value }));
}
