import { Transform, type TransformCallback } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../gateway/gateway.ts';
import { toQueryError } from '../model/errors.ts';
import { whenSent } from './when-sent.ts';

/**
 * Takes bodies from the memory of the process as they come, until their answers were sent: hundreds of connections may each
 * send a large one before any request begins. Where there is no room, the request fails as an overloaded one.
 */
export function countBodies(server: FastifyInstance, gateway: Pick<Gateway, 'openBody'>): void {
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const { headers } = request;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
      done(null, payload);
      return;
    }
    const budget = gateway.openBody();
    const counted = new Transform({
      transform(part: Buffer, _encoding, passOn: TransformCallback) {
        try {
          budget.take(part.length);
        } catch (thrown) {
          passOn(toQueryError(thrown));
          return;
        }
        passOn(null, part);
      },
    });
    // An answer may be sent before the body has come, and then nobody reads the rest or hears of its end.
    counted.on('error', () => undefined);
    whenSent(request, () => {
      payload.unpipe(counted);
      payload.resume();
      budget.release();
    });
    payload.once('error', (error) => counted.destroy(error));
    done(null, payload.pipe(counted));
  });
}
