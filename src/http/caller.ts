import type { IncomingMessage } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Budget } from '../model/budget.ts';
import { clientOf, NOBODY, type Identity } from '../model/identity.ts';
import type { Admission } from '../model/request-scope.ts';
import type { TurnTaker } from '../model/turn-taker.ts';

/** What was found out of whoever sent a request, by the request. */
const IDENTITIES = new WeakMap<IncomingMessage, Identity>();
const ADMISSIONS = new WeakMap<IncomingMessage, Admission>();
const ARRIVALS = new WeakMap<IncomingMessage, number>();
const BUDGETS = new WeakMap<IncomingMessage, Budget>();

type Raw = Pick<FastifyRequest, 'raw'>;

/** Who asks. */
export function identityOf({ raw }: Raw): Identity {
  return IDENTITIES.get(raw) ?? NOBODY;
}

export function keepIdentity({ raw }: Raw, identity: Identity): void {
  IDENTITIES.set(raw, identity);
}

/** What the caller of a request may see and take; undefined for a route that is open to everybody. */
export function admissionOf({ raw }: Raw): Admission | undefined {
  return ADMISSIONS.get(raw);
}

export function keepAdmission({ raw }: Raw, admission: Admission): void {
  ADMISSIONS.set(raw, admission);
}

/** How long ago a request came, ms: it may have waited in a crowd, and for its password to be looked at. */
export function ageOf({ raw }: Raw): number {
  const arrival = ARRIVALS.get(raw);
  return arrival === undefined ? 0 : performance.now() - arrival;
}

/** To be called when the head of a request has come. */
export function keepArrival(raw: IncomingMessage): void {
  ARRIVALS.set(raw, performance.now());
}

/** What a request may hold in memory until its answer was sent; undefined before it has begun. */
export function budgetOf({ raw }: Raw): Budget | undefined {
  return BUDGETS.get(raw);
}

export function keepBudget({ raw }: Raw, budget: Budget): void {
  BUDGETS.set(raw, budget);
}

/** For whom a request is worked on. */
export function turnTakerOf(request: Raw): TurnTaker {
  const { tenant = '' } = admissionOf(request) ?? {};
  return { tenant, client: clientOf(identityOf(request), addressOf(request)) };
}

/** Where a request came from. */
export function addressOf({ raw }: Raw): string {
  return raw.socket.remoteAddress ?? '';
}
