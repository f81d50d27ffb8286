import type { Access } from '../../gateway/tenancy/admit.ts';
import type { Schema } from './schema.ts';

/** A parameter of a route, in the URL or in the form of a POST. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly schema: Schema;
  readonly isRequired?: boolean;
  /** Whether it is a part of the path. */
  readonly isInPath?: boolean;
  /** Whether many routes have it, so that the document names it once. */
  readonly isShared?: boolean;
}

/** What a route answers where nothing is wrong. */
export type Answer =
  /** The envelope around data. */
  | { readonly kind: 'data'; readonly data: Schema; readonly mayBeEmpty?: boolean }
  /** Lines of JSON. */
  | { readonly kind: 'lines' }
  | { readonly kind: 'text'; readonly type: string }
  /** That there is nothing. */
  | { readonly kind: 'nothing' }
  /** Nothing but an error. */
  | { readonly kind: 'refusal' };

/** What the document tells of a route. It stands with the route. */
export interface Operation {
  readonly summary: string;
  /** Whom it is for, where there are tenants. */
  readonly access: Access;
  readonly parameters?: readonly Parameter[];
  readonly answer: Answer;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation;
  }
}

/** The option of a route that describes it. */
export function described(operation: Operation): { readonly config: { readonly operation: Operation } } {
  return { config: { operation } };
}

export function data(schema: Schema): Answer {
  return { kind: 'data', data: schema };
}

export const PLAIN_TEXT: Answer = { kind: 'text', type: 'text/plain' };
