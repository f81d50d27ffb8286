import type { Gateway } from '../gateway/gateway.ts';
import type { Origin } from '../gateway/request-scope.ts';
import type { Access } from '../gateway/tenancy/admit.ts';
import type { Clock } from '../model/clock.ts';
import type { Serving } from './serving.ts';

/**
 * A gRPC service without its transport: messages are bytes. What a method throws becomes the call's status; the signal of
 * its origin aborts when the client leaves or its deadline is over.
 */
export interface Service {
  /** With its package, for example `thanos.Store`. */
  readonly name: string;
  readonly methods: readonly Method[];
}

/** A method says whom it is for, where there are tenants. A dialogue is open to everybody. */
export type Method =
  /** One request, one answer. */
  | {
      readonly kind: 'unary';
      readonly name: string;
      readonly access: Access;
      readonly answer: (request: Uint8Array, origin: Origin) => Promise<Uint8Array>;
    }
  /** One request, a stream of answers, made only as fast as the client takes them. */
  | {
      readonly kind: 'stream';
      readonly name: string;
      readonly access: Access;
      readonly answer: (request: Uint8Array, origin: Origin) => AsyncIterable<Uint8Array>;
    }
  /** A stream of requests, each with one answer, in their order. */
  | {
      readonly kind: 'dialogue';
      readonly name: string;
      readonly access: 'open';
      readonly answer: (request: Uint8Array) => Uint8Array;
    };

/** What the services need. */
export interface GrpcContext {
  readonly gateway: Gateway;
  readonly clock: Clock;
  readonly serving: Serving;
  /** What Info tells gateways above of how queries are evaluated here; they let it compute nothing where it is left out. */
  readonly engine?: string | undefined;
}
