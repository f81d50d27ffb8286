import { isIncomplete, type Answered, type EndpointNote } from '../../backend/answered.ts';
import type { RequestScope } from '../../model/request-scope.ts';
import { Findings } from '../completeness/findings.ts';
import { judgeLosses, type judgeUncounted } from '../completeness/judge-losses.ts';
import type { SelectionContext } from '../context.ts';
import { fanOut } from '../routing/fan-out.ts';
import { planRoutes, type Route, type RouteRequest } from '../routing/route.ts';

/** What one endpoint answered. */
export interface EndpointAnswer<T> {
  readonly route: Route;
  readonly value: T;
}

export interface Asked<T> {
  /** By shard. */
  readonly answers: readonly (readonly EndpointAnswer<T>[])[];
  /** What is to be said beside them; the caller may add to it. */
  readonly findings: Findings;
}

/**
 * Asks all endpoints that a list concerns and judges what was lost.
 * @param judge what the loss of an endpoint means.
 * @throws QueryError `unavailable` where the answer may not lack what is missing, `canceled` when the caller gives up.
 */
export async function askEndpoints<T extends { readonly annotations: readonly EndpointNote[] }>(
  context: SelectionContext,
  scope: RequestScope,
  request: RouteRequest,
  call: (scope: RequestScope, route: Route) => Answered<T>,
  judge: typeof judgeUncounted = judgeLosses,
): Promise<Asked<T>> {
  const plan = planRoutes(scope, context.topology(), request, context.clock.now());
  const shards = await fanOut<T>(context, scope, plan, { kind: 'list', ask: call, lacks: isIncomplete });
  const findings = new Findings(scope.caller, scope.options.partialResponse);
  plan.remarks.forEach((each) => findings.add(each));
  findings.take(judge(shards, plan.unknown));
  findings.heard(shards);
  const answers = shards.map(({ outcomes }) =>
    outcomes.flatMap(({ route, result }) => (result.ok ? [{ route, value: result.value }] : [])),
  );
  return { answers, findings };
}
