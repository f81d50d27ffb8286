import type { FastifyInstance } from 'fastify';

/** How far a server is. */
export interface ServerStage {
  /** Why it is not ready, as the second half of a sentence; undefined where it is. */
  readonly obstacle: () => string | undefined;
  /** What is wrong with one that is ready, as the second half of a sentence; undefined where nothing is. */
  readonly trouble: () => string | undefined;
  /** Whether it stops soon, so that clients had better go elsewhere. */
  readonly isDraining: () => boolean;
}

/** Of a server that has nothing to wait for. */
export const ALWAYS_READY: ServerStage = {
  obstacle: () => undefined,
  trouble: () => undefined,
  isDraining: () => false,
};

/** Has clients leave a server that stops soon: each connection is closed behind its next answer, also one that was begun before. */
export function closeWhileDraining(server: FastifyInstance, { isDraining }: ServerStage): void {
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (isDraining()) reply.header('Connection', 'close');
    done(null, payload);
  });
}
