import { randomHex } from './random-hex.ts';

/** Where a request stands in a trace, after W3C Trace Context; https://www.w3.org/TR/trace-context/. */
export interface TraceContext {
  /** 32 hex digits in lower case, as those that follow 16. */
  readonly traceId: string;
  /** The span that is this gateway's own. */
  readonly spanId: string;
  /** The span of the caller; undefined where the trace begins here. */
  readonly parentId: string | undefined;
  /** Whether the trace is kept by whoever collects spans. */
  readonly isSampled: boolean;
  /** What other tracing systems pass on with it; empty where there is nothing. */
  readonly state: string;
}

/** Decides whether the trace of a request that has just come is kept. */
export type Sampler = (trace: Pick<TraceContext, 'traceId' | 'parentId' | 'isSampled'>) => boolean;

/** A later version may have more members behind these; the first four stay as they are (§3.2.4). */
const TRACE_PARENT =
  /^(?<version>[\da-f]{2})-(?<trace>[\da-f]{32})-(?<parent>[\da-f]{16})-(?<flags>[\da-f]{2})(?<more>-.*)?$/;
const LONGEST_PARENT = 256;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

/** So many members, and so many characters in all, are passed on by everybody (§3.3.1). */
const MOST_MEMBERS = 32;
const LONGEST_STATE = 512;
const MEMBER =
  /^(?:[a-z\d][a-z\d_\-*/]{0,255}|[a-z\d][a-z\d_\-*/]{0,240}@[a-z][a-z\d_\-*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * The span of a request within the trace that its caller names by the headers `traceparent` and `tracestate`; within a new
 * trace where these are missing or malformed. A state that is malformed, or longer than systems must pass on, is left out.
 */
export function traceOf(traceparent: unknown, tracestate: unknown): TraceContext {
  const parent = parentOf(traceparent);
  const spanId = randomHex(16);
  if (parent === undefined)
    return { traceId: randomHex(32), spanId, parentId: undefined, isSampled: false, state: '' };
  return { ...parent, spanId, state: stateOf(tracestate) };
}

/** A span below that of the request, such as a call to an endpoint. */
export function childOf(trace: TraceContext): TraceContext {
  return { ...trace, spanId: randomHex(16), parentId: trace.spanId };
}

/** The header `traceparent` of whoever is called within this span. */
export function traceparentOf({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

function parentOf(
  traceparent: unknown,
): Pick<TraceContext, 'traceId' | 'parentId' | 'isSampled'> | undefined {
  if (typeof traceparent !== 'string' || traceparent.length > LONGEST_PARENT) return undefined;
  const found = TRACE_PARENT.exec(traceparent)?.groups;
  if (found === undefined) return undefined;
  const { version, trace, parent, flags, more } = found;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (trace === NO_TRACE || parent === NO_SPAN) return undefined;
  return { traceId: trace!, parentId: parent!, isSampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}

function stateOf(tracestate: unknown): string {
  if (typeof tracestate !== 'string' || tracestate.length > LONGEST_STATE) return '';
  const members = tracestate
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const isGood = members.length <= MOST_MEMBERS && members.every((member) => MEMBER.test(member));
  return isGood ? members.join(',') : '';
}
