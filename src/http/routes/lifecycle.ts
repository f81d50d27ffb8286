import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { sendText } from '../respond.ts';

/** As Prometheus has them. */
const METHODS = ['POST', 'PUT'];

/** `/-/quit`, which does nothing unless the configuration allows it. */
export function lifecycleRoutes(server: FastifyInstance, { control }: HttpOptions): void {
  const add = (url: string, answer: (reply: FastifyReply) => FastifyReply | Promise<FastifyReply>): void => {
    server.route({
      method: METHODS,
      url,
      handler: async (_request, reply) => (control.isEnabled() ? answer(reply) : refuse(reply)),
    });
  };

  add('/-/quit', (reply) =>
    sendText(reply, 200, control.quit() ? 'promweave stops now.\n' : 'promweave is stopping already.\n'),
  );
}

function refuse(reply: FastifyReply): FastifyReply {
  return sendText(
    reply,
    403,
    'Nobody may stop promweave or change its configuration over HTTP; start it with --web.enable-lifecycle to allow that.\n',
  );
}
