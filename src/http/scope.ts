import type { FastifyRequest } from 'fastify';
import type { Gateway } from '../gateway/gateway.ts';
import type { Origin, ReadWishes } from '../gateway/request-scope.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { Form } from './parameters/form.ts';
import { readWishes } from './parameters/wishes.ts';
import { clientOf } from '../model/identity.ts';
import { addressOf, admissionOf, ageOf, identityOf, keepBudget } from './caller.ts';
import { idsOf } from './identify.ts';
import { whenSent } from './when-sent.ts';

/** One for all requests: without a reason each would have an exception made for it, with a stack. */
const OVER: Error = Object.assign(new Error('the client has left, or has its answer'), {
  name: 'AbortError',
});

/**
 * Begins the request of an HTTP client. Who that is tells its authentication, or else its connection: anybody can write an
 * X-Forwarded-For.
 * @param stepMs of a range query.
 * @param usual what the route wishes where the form says nothing.
 */
export function beginRequest(
  gateway: Pick<Gateway, 'open'>,
  request: Pick<FastifyRequest, 'headers' | 'method' | 'routeOptions' | 'raw'>,
  form: Form,
  stepMs = 0,
  usual: Pick<ReadWishes, 'partialResponse'> = {},
): RequestScope {
  const origin: Origin = {
    signal: untilSent(request),
    waitedMs: ageOf(request),
    ids: idsOf(request),
    admission: admissionOf(request),
    method: request.method,
    path: request.routeOptions.url ?? '',
    header: (name) => request.headers[name],
    client: clientOf(identityOf(request), addressOf(request)),
    whenSent: (callback) => whenSent(request, callback),
  };
  const wishes = readWishes(form);
  const { partialResponse = usual.partialResponse } = wishes;
  const scope = gateway.open({ ...wishes, partialResponse }, origin, stepMs);
  keepBudget(request, scope.budget);
  return scope;
}

/**
 * Aborts when the client has left, or has its answer. Fastify's own signal follows the message that asks, and that of a POST is over
 * when its body was read: then no one would hear that the client leaves.
 */
function untilSent(request: Pick<FastifyRequest, 'raw'>): AbortSignal {
  const controller = new AbortController();
  whenSent(request, () => controller.abort(OVER));
  return controller.signal;
}
