import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { sendText } from '../respond.ts';
import { described, PLAIN_TEXT } from '../openapi/operation.ts';

/** As Prometheus has them. */
const METHODS = ['POST', 'PUT'];

/** `/-/reload` and `/-/quit`, which do nothing unless the configuration allows it. */
export function lifecycleRoutes(server: FastifyInstance, { control }: HttpOptions): void {
  const add = (
    url: string,
    summary: string,
    answer: (reply: FastifyReply) => FastifyReply | Promise<FastifyReply>,
  ): void => {
    server.route({
      method: METHODS,
      url,
      ...described({ access: 'operator', summary, answer: PLAIN_TEXT }),
      handler: async (_request, reply) => (control.isEnabled() ? answer(reply) : refuse(reply)),
    });
  };

  add('/-/reload', 'Reads the configuration again', async (reply) => {
    const result = await control.reload();
    return result.ok
      ? sendText(reply, 200, lines(['promweave read its configuration again', ...result.value]))
      : sendText(
          reply,
          500,
          lines(['The configuration cannot be used, and the former one stays in force', result.failure]),
        );
  });

  add('/-/quit', 'Stops the gateway', (reply) =>
    sendText(reply, 200, control.quit() ? 'promweave stops now.\n' : 'promweave is stopping already.\n'),
  );
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

function refuse(reply: FastifyReply): FastifyReply {
  return sendText(
    reply,
    403,
    'Nobody may stop promweave or change its configuration over HTTP; start it with --web.enable-lifecycle to allow that.\n',
  );
}
