import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway/gateway.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { Form } from './parameters/form.ts';
import { readWishes } from './parameters/wishes.ts';

/** `00-<trace id>-<parent id>-<flags>`; https://www.w3.org/TR/trace-context/#traceparent-header. */
const TRACE_PARENT = /^[\da-f]{2}-(?<trace>[\da-f]{32})-[\da-f]{16}-[\da-f]{2}(?:-|$)/;

/**
 * Begins the request of an HTTP client.
 * @param stepMs of a range query.
 */
export function beginRequest(
  gateway: Pick<Gateway, 'open'>,
  { headers, signal }: Pick<FastifyRequest, 'headers' | 'signal'>,
  form: Form,
  stepMs = 0,
): RequestScope {
  const { traceparent } = headers;
  const trace =
    typeof traceparent === 'string' ? TRACE_PARENT.exec(traceparent)?.groups?.['trace'] : undefined;
  return gateway.open(readWishes(form), { signal, trace }, stepMs);
}
