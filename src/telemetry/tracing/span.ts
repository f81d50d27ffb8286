import type { TraceContext } from '../../model/trace-context.ts';

/** A piece of work that somebody may look at. Times are ms since the epoch. */
export interface Span {
  readonly name: string;
  readonly trace: TraceContext;
  /** What this process does for a caller, what it asks of a server, and what it does by itself. */
  readonly kind: 'server' | 'client' | 'internal';
  readonly start: number;
  readonly end: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Undefined where the work succeeded. */
  readonly failure: string | undefined;
}
