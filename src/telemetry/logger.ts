import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { STANDARD_ERROR, type LogSink } from './log-sink.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'logfmt' | 'json';
}

/** Logs lines with the fields `ts`, `level` and `msg`, as Prometheus names them, to `sink`. */
export function createLogger({ level, format }: LogOptions, sink: LogSink = STANDARD_ERROR): Logger {
  const destination: DestinationStream =
    format === 'json'
      ? sink
      : {
          write(line) {
            sink.write(toLogfmt(JSON.parse(line) as Record<string, unknown>));
          },
        };
  return pino(
    {
      level,
      base: null,
      messageKey: 'msg',
      timestamp: () => stdTimeFunctions.isoTime().replace('"time"', '"ts"'),
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

/**
 * One log line in logfmt, `key=value` with quotes where they are needed, ended by a line feed. Of an error in a line of level `error`, the
 * stack is told as well: it is a mistake of the program.
 */
export function toLogfmt(fields: Readonly<Record<string, unknown>>): string {
  const { level, err } = fields;
  const stack = level === 'error' ? stackOf(err) : undefined;
  const pairs = Object.entries({ ...fields, stack: fields['stack'] ?? stack }).filter(
    ([, value]) => value !== undefined,
  );
  return `${pairs.map(([key, value]) => `${key}=${textOf(value)}`).join(' ')}\n`;
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : plain(value);
  return text === '' || /[\s"=\\\p{C}]/u.test(text) ? JSON.stringify(text) : text;
}

/** Errors arrive as objects. */
function stackOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'stack' in value ? value.stack : undefined;
}

/** Errors arrive as objects with a message, which says more than their members. */
function plain(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) return String(value.message);
  return JSON.stringify(value) ?? String(value);
}
