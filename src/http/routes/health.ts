import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { shownPrefix } from '../prefix.ts';
import { sendText } from '../respond.ts';
import { described, PLAIN_TEXT } from '../openapi/operation.ts';

/** `/-/healthy`, `/-/ready` and a page that says what this server is. */
export function healthRoutes(server: FastifyInstance, { gateway, info, stage, prefix }: HttpOptions): void {
  server.route({
    method: ['GET', 'HEAD'],
    url: '/-/healthy',
    ...described({ access: 'open', summary: 'Whether the process runs', answer: PLAIN_TEXT }),
    handler: async (_request, reply) => sendText(reply, 200, 'promweave is healthy.\n'),
  });

  server.route({
    method: ['GET', 'HEAD'],
    url: '/-/ready',
    ...described({ access: 'open', summary: 'Whether requests should be sent here', answer: PLAIN_TEXT }),
    handler: async (_request, reply) => {
      const obstacle = stage.obstacle();
      // Reasons name servers, and probes of balancers are no tenants.
      const isSecret = gateway.hasTenants();
      if (obstacle !== undefined)
        return sendText(reply, 503, `promweave is not ready${isSecret ? '' : `: ${obstacle}`}.\n`);
      const trouble = isSecret ? undefined : stage.trouble();
      return sendText(reply, 200, `promweave is ready${trouble === undefined ? '' : `, but ${trouble}`}.\n`);
    },
  });

  server.get(
    '/',
    described({ access: 'open', summary: 'What this server is', answer: PLAIN_TEXT }),
    async ({ headers }, reply) => {
      const at = shownPrefix(prefix, headers);
      return sendText(
        reply,
        200,
        `${info.revision}: many Prometheus servers as one, with the API of Prometheus ${info.version}.\n` +
          `Query it like Prometheus under ${at}/api/v1/. Its own metrics are under ${at}/metrics.\n`,
      );
    },
  );
}
