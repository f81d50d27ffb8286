import type { FastifyBaseLogger } from 'fastify';
import { labelProblems } from '../cluster/label-problems.ts';
import type { Endpoint } from '../cluster/topology.ts';
import { formatLabels } from '../model/format-labels.ts';

/** Logs endpoints that go down or come back, and each mistake in their labels once, while it shows. */
export function endpointLog(
  logger: FastifyBaseLogger,
  replicaLabels: () => readonly string[],
  endpoints: () => readonly Endpoint[],
): (changed: Endpoint) => void {
  let told: ReadonlySet<string> = new Set();
  return (changed) => {
    logChange(logger, changed);
    // What no longer holds is forgotten: endpoints that come and go would leave ever more behind.
    const problems = new Set(labelProblems(endpoints(), replicaLabels()));
    for (const problem of problems) if (!told.has(problem)) logger.warn(problem);
    told = problems;
  };
}

/** Logs endpoints whose clocks differ from that of the gateway, each once, while it shows. */
export function clockLog(logger: FastifyBaseLogger): (endpoints: readonly Endpoint[]) => void {
  let told: ReadonlySet<string> = new Set();
  return (endpoints) => {
    const wrong = endpoints.filter(({ clockOffsetMs = 0 }) => clockOffsetMs !== 0);
    for (const { id, clockOffsetMs = 0 } of wrong)
      if (!told.has(id)) logger.warn(clockProblem(id, clockOffsetMs));
    told = new Set(wrong.map(({ id }) => id));
  };
}

function clockProblem(id: string, offsetMs: number): string {
  const differs = `${Math.abs(offsetMs) / 1000} s ${offsetMs > 0 ? 'ahead of' : 'behind'}`;
  return (
    `the clock of the endpoint ${id} is ${differs} that of the gateway; one of the two is wrong, and until it is set right, ` +
    'queries for "now" ask for the wrong time'
  );
}

function logChange(logger: FastifyBaseLogger, { id, health, externalLabels }: Endpoint): void {
  if (health.kind === 'down') {
    const { reason, detail, bug } = health.failure;
    const told = { endpoint: id, reason, ...(detail !== undefined && { detail }) };
    logger.warn(told, 'endpoint is down');
    if (bug !== undefined)
      logger.error({ endpoint: id, stack: bug.stack }, 'that is a mistake of promweave itself');
    return;
  }
  logger.info(
    { endpoint: id, labels: externalLabels && formatLabels(externalLabels) },
    `endpoint is ${health.kind}`,
  );
}
