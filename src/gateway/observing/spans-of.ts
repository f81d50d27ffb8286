import type { RequestScope } from '../../model/request-scope.ts';
import type { Span } from '../../telemetry/tracing/span.ts';

/** The spans of a request that has ended: its own, one for each stage, and one for each call to an endpoint. */
export function spansOf({ caller, ids, journal }: RequestScope): readonly Span[] {
  const { trace, named } = ids;
  if (trace === undefined) return [];
  const at = (ms: number): number => journal.startTime + (ms - journal.began);
  const request: Span = {
    name: `${caller.method} ${caller.path}`,
    trace,
    kind: 'server',
    start: journal.startTime,
    end: at(journal.ended),
    attributes: {
      'http.request.method': caller.method,
      'http.route': caller.path,
      'client.address': caller.client,
      'promweave.request_id': named,
      ...journal.notes,
    },
    failure: journal.failure,
  };
  const spans = [request];
  for (const { stage, began, ended, trace: own } of journal.stages()) {
    if (own === undefined) continue;
    const span = { trace: own, start: at(began), end: at(ended), attributes: {}, failure: undefined };
    spans.push({ ...span, name: stage, kind: 'internal' });
  }
  for (const call of journal.calls) {
    if (call.trace === undefined) continue;
    spans.push({
      name: 'call endpoint',
      trace: call.trace,
      kind: 'client',
      start: at(call.began),
      end: at(call.ended ?? journal.ended),
      attributes: {
        'promweave.endpoint': call.endpoint,
        'promweave.series': call.series,
        'promweave.bytes': call.bytes,
      },
      failure: call.failure,
    });
  }
  return spans;
}
