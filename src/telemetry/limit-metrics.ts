import { Counter, type Registry } from 'prom-client';
import { LIMIT_NAMES, type LimitName } from '../model/caller-limits.ts';

/** What is refused for the sake of limits and of blocked queries is heard here. */
export interface LimitMetrics {
  refused(limit: LimitName): void;
  /** @param index which of the configured ones, from 0 on. */
  blocked(index: number): void;
}

/** Nothing is refused by these themselves: who has all places waits, and what is too much at once is too many a second. */
const NEVER_ALONE: ReadonlySet<LimitName> = new Set(['max_concurrent', 'request_burst']);

export function createLimitMetrics(registry: Registry): LimitMetrics {
  const refused = new Counter({
    name: 'promweave_limits_refused_total',
    help: 'Requests that were refused because their tenant or client may not take more, by limit.',
    labelNames: ['limit'],
    registers: [registry],
  });
  for (const limit of LIMIT_NAMES) if (!NEVER_ALONE.has(limit)) refused.inc({ limit }, 0);
  const blocked = new Counter({
    name: 'promweave_queries_blocked_total',
    help: 'Queries that were refused because they are blocked, by place in blocked_queries, from 0 on.',
    labelNames: ['rule'],
    registers: [registry],
  });
  return {
    refused: (limit) => refused.inc({ limit }),
    blocked: (index) => blocked.inc({ rule: String(index) }),
  };
}
