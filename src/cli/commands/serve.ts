import { untilAborted } from '../../app/until-aborted.ts';
import { QueryError } from '../../model/errors.ts';
import { Stopped, type Command } from '../command.ts';
import { SERVE_FLAGS } from '../flags/serve.ts';
import { helpText } from '../help.ts';
import { parseFlags } from '../parse-flags.ts';
import { outliveStrayRejections } from '../stray-rejections.ts';
import { VERSION } from '../version.ts';

/** `promweave serve`, also as `promweave query`, so that a command line of `thanos query` starts the gateway. */
export const serve: Command = {
  name: 'serve',
  aliases: ['query'],
  summary: 'Runs the gateway.',
  usage: 'promweave serve [--config=FILE] [FLAGS]',
  about:
    'Runs the gateway. Flags of `thanos query` that have no effect here are accepted; the log names them.',
  flags: SERVE_FLAGS,
  async run(args, { out, stop }) {
    const parsed = parseFlags(args, SERVE_FLAGS, true);
    if (parsed.help) {
      out(helpText(serve));
      return 0;
    }
    const [file] = parsed.positional;
    if (file !== undefined)
      throw new QueryError(
        'bad_data',
        `serve takes only flags, not ${file}; for a file write --config=${file}`,
      );
    const { configOf, readAgain, readingFromFlags } = await import('../read-config.ts');
    const first = readingFromFlags(SERVE_FLAGS, parsed);
    const config = configOf(first);
    const { createLogger } = await import('../../telemetry/logger.ts');
    const logger = createLogger(config.log);
    for (const note of parsed.notes) logger.warn(note);
    const endOutliving = outliveStrayRejections(logger);
    // It would end the process otherwise, also before anybody listens to it.
    let hungUp = (): void => undefined;
    const listener = (): void => hungUp();
    process.on('SIGHUP', listener);
    try {
      const { startGateway } = await import('../../app/start-gateway.ts');
      let last = first;
      const quit = new AbortController();
      const stopping = AbortSignal.any([stop, quit.signal]);
      const gateway = await startGateway(config, VERSION, logger, {
        stop: stopping,
        quit: () => {
          const isFirst = !stopping.aborted;
          quit.abort();
          return isFirst;
        },
        source: { first, read: async () => (last = await readAgain(SERVE_FLAGS, parsed, last)) },
        onHangUp: (reload) => {
          hungUp = reload;
          return () => (hungUp = () => undefined);
        },
      });
      const { url, adminUrl: admin, grpcAddress: grpc, allocator } = gateway;
      logger.info({ url, grpc, ...(admin !== url && { admin }), version: VERSION, allocator }, 'listening');
      await untilAborted(stopping);
      logger.info('stopping');
      const { grace_period: grace, shutdown_delay: delay } = gateway.config().http;
      await gateway.close(grace, isAtTerminal(stop) ? 0 : delay);
      return 0;
    } finally {
      // What failed here was not stray: it ends the process.
      process.off('SIGHUP', listener);
      endOutliving();
    }
  },
};

/** Ctrl-C comes from a person, not from what stands behind a load balancer. */
function isAtTerminal({ reason }: AbortSignal): boolean {
  return reason instanceof Stopped && reason.signal === 'SIGINT';
}
