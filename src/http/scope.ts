import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway/gateway.ts';
import { traceOf } from '../gateway/request-scope.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { Form } from './parameters/form.ts';
import { readWishes } from './parameters/wishes.ts';

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
  return gateway.open(readWishes(form), { signal, trace: traceOf(headers['traceparent']) }, stepMs);
}
