import type { FastifyBaseLogger } from 'fastify';

/**
 * Keeps the process alive where a promise fails that nobody waits for, and logs it with its stack: one request may be concerned, and
 * all others would end with the process. Nothing is wrong with what the process holds, other than after an exception that nobody caught.
 * What it returns ends that.
 */
export function outliveStrayRejections(logger: Pick<FastifyBaseLogger, 'error'>): () => void {
  const tell = (reason: unknown): void =>
    logger.error(
      { err: reason },
      'something failed that nobody waited for, which is a mistake of the gateway itself; please report this line',
    );
  process.on('unhandledRejection', tell);
  return () => void process.off('unhandledRejection', tell);
}
