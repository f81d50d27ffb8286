import type { Span } from './span.ts';

/** https://github.com/open-telemetry/opentelemetry-proto, `SpanKind` and `StatusCode`. */
const KINDS: Readonly<Record<Span['kind'], number>> = { internal: 1, server: 2, client: 3 };
const FAILED = 2;

/**
 * Spans as OTLP over HTTP takes them in JSON: ids in hexadecimal, 64-bit integers as texts
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 */
export function encodeSpans(resource: Readonly<Record<string, string>>, spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope: { name: 'promweave' }, spans: spans.map(spanJson) }],
      },
    ],
  });
}

function spanJson({ name, trace, kind, start, end, attributes, failure }: Span): unknown {
  return {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentId !== undefined && { parentSpanId: trace.parentId }),
    ...(trace.state !== '' && { traceState: trace.state }),
    flags: 1,
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(start),
    endTimeUnixNano: nanoseconds(Math.max(end, start)),
    attributes: attributesOf(attributes),
    ...(failure !== undefined && { status: { code: FAILED, message: failure } }),
  };
}

function attributesOf(attributes: Readonly<Record<string, string | number>>): unknown {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : numberJson(value),
  }));
}

function numberJson(value: number): unknown {
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** A number of JavaScript has no room for nanoseconds since the epoch. */
function nanoseconds(ms: number): string {
  const whole = Math.floor(ms);
  return `${whole}${String(Math.floor((ms - whole) * 1e6)).padStart(6, '0')}`;
}
