import type { Config } from '../config/config.ts';
import { readTracingConfig, type TracingConfig } from '../config/tracing.ts';
import { readTextFile } from './read-text-file.ts';

/** What is configured of tracing; undefined where nothing is. Throws `bad_data` with one line a problem. */
export function tracingConfigOf({ config, config_file: file }: Config['tracing']): TracingConfig | undefined {
  const text = config ?? readTextFile(file);
  return text === undefined ? undefined : readTracingConfig(file ?? 'the tracing configuration', text);
}
