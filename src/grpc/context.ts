import type { Gateway } from '../gateway/gateway.ts';
import type { Clock } from '../model/clock.ts';
import type { Serving } from './serving.ts';

/** What the services are made of. */
export interface GrpcContext {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly serving: Serving;
}
