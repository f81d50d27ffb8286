import { pino, stdTimeFunctions, type DestinationStream, type Logger } from 'pino';
import { toLogfmt } from './logfmt.ts';

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly format: 'logfmt' | 'json';
}

/** Where log lines go. */
export interface LogSink {
  write(line: string): void;
}

/** Logs lines with the fields `ts`, `level` and `msg`, as Prometheus names them, to `sink`. */
export function createLogger({ level, format }: LogOptions, sink: LogSink = process.stderr): Logger {
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
