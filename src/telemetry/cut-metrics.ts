import { Counter, type Registry } from 'prom-client';
import type { CutReason } from '../model/client-limits.ts';

export type CutObserver = (reason: CutReason) => void;

const SENTENCES: Readonly<Record<CutReason, string>> = {
  too_many: 'a connection was ended, because there are as many as --web.max-connections allows',
  slow_request: 'a client was cut off, because its request did not arrive in time',
  slow_reader: 'a client was cut off, because it took nothing of its answer for a while',
  long_answer: 'a client was cut off, because it did not take its answer within --web.write-timeout',
};

/**
 * Counts the clients that a transport turned away. The log tells of the first of each kind alone: whoever opens
 * connections by the thousand must not fill it.
 */
export function createCutMetrics(
  registry: Registry,
  warn: (message: string) => void,
): (transport: 'http' | 'grpc') => CutObserver {
  const cuts = new Counter({
    name: 'promweave_clients_cut_total',
    help: 'Connections and calls that were refused or ended because of what their client did, by reason.',
    labelNames: ['transport', 'reason'],
    registers: [registry],
  });
  return (transport) => {
    const told = new Set<CutReason>();
    return (reason) => {
      cuts.inc({ transport, reason });
      if (told.has(reason)) return;
      told.add(reason);
      warn(`${transport}: ${SENTENCES[reason]}; further ones are counted in promweave_clients_cut_total`);
    };
  };
}
