import type { FastifyBaseLogger } from 'fastify';
import { labelProblems } from '../cluster/label-problems.ts';
import type { Endpoint } from '../cluster/topology.ts';
import { formatLabels } from '../model/format-labels.ts';

/** Logs endpoints that go down or come back, and each mistake in their labels once, when it shows. */
export function endpointLog(
  logger: FastifyBaseLogger,
  replicaLabels: readonly string[],
  endpoints: () => readonly Endpoint[],
): (changed: Endpoint) => void {
  const told = new Set<string>();
  return (changed) => {
    logChange(logger, changed);
    for (const problem of labelProblems(endpoints(), replicaLabels)) {
      if (!told.has(problem)) logger.warn(problem);
      told.add(problem);
    }
  };
}

function logChange(logger: FastifyBaseLogger, { address, health, externalLabels }: Endpoint): void {
  if (health.kind === 'down') {
    const { reason, detail, bug } = health.failure;
    const told = { endpoint: address, reason, ...(detail !== undefined && { detail }) };
    logger.warn(told, 'endpoint is down');
    if (bug !== undefined)
      logger.error({ endpoint: address, stack: bug.stack }, 'that is a mistake of promweave itself');
    return;
  }
  logger.info(
    { endpoint: address, labels: externalLabels && formatLabels(externalLabels) },
    `endpoint is ${health.kind}`,
  );
}
