#!/usr/bin/env node
import { checkConfig } from './cli/commands/check-config.ts';
import { demo } from './cli/commands/demo.ts';
import { explain } from './cli/commands/explain.ts';
import { serve } from './cli/commands/serve.ts';
import { keepCompiledCode } from './cli/compile-cache.ts';
import { runCli } from './cli/run.ts';
import { VERSION } from './cli/version.ts';

keepCompiledCode();

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // A second signal ends the process at once: its sender does not want to wait.
  process.once(signal, () => {
    stop.abort();
    process.once(signal, () => process.exit(130));
  });
}

process.exitCode = await runCli(
  process.argv.slice(2),
  [serve, demo, explain, checkConfig],
  {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    stop: stop.signal,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  },
  VERSION,
);
