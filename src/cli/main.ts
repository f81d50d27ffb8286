/** The program: importing this runs the command line. `src/main.ts` imports it where Node is new enough. */
import { Stopped } from './command.ts';
import { COMMANDS } from './commands.ts';
import { endWithOutputs } from './outputs.ts';
import { runCli } from './run.ts';
import { VERSION } from './version.ts';

endWithOutputs(process, (code) => process.exit(code));

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // A second signal ends the process at once: its sender does not want to wait.
  process.once(signal, () => {
    stop.abort(new Stopped(signal));
    process.once(signal, () => process.exit(130));
  });
}

process.exitCode = await runCli(
  process.argv.slice(2),
  COMMANDS,
  {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
    stop: stop.signal,
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  },
  VERSION,
);
