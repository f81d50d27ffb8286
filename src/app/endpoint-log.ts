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
