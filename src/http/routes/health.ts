import type { FastifyInstance } from 'fastify';
import type { HttpOptions } from '../context.ts';
import { sendText } from '../respond.ts';
import { described, PLAIN_TEXT } from '../openapi/operation.ts';

/** `/-/healthy` and `/-/ready`, for people and for probes. */
export function healthRoutes(server: FastifyInstance, { gateway, stage }: HttpOptions): void {
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
}
