import { type EndpointTargets, NO_TARGETS } from '../backend/list-calls.ts';
import { instantFromMs, ZERO_INSTANT } from '../model/instant.ts';
import { labelsFromRecord } from '../model/labels.ts';
import type { ActiveTarget } from '../model/targets.ts';
import type { ScrapedTarget } from './replica.ts';
import { fraction } from './signals.ts';
import { SCRAPE_INTERVAL_MS } from './targets.ts';

/** What a simulated server scrapes, as Prometheus' API tells it. */
export function scrapedTargets(targets: readonly ScrapedTarget[]): EndpointTargets {
  return { ...NO_TARGETS, active: targets.map(asActive) };
}

function asActive({ target: { job, instance, isReachable }, at }: ScrapedTarget): ActiveTarget {
  const scrapeUrl = `http://${instance}/metrics`;
  const failed = at !== undefined && !isReachable;
  return {
    discoveredLabels: labelsFromRecord({
      __address__: instance,
      __metrics_path__: '/metrics',
      __scheme__: 'http',
      __scrape_interval__: `${SCRAPE_INTERVAL_MS / 1000}s`,
      __scrape_timeout__: '10s',
      job,
    }),
    labels: labelsFromRecord({ job, instance }),
    scrapePool: job,
    scrapeUrl,
    globalUrl: scrapeUrl,
    lastError: failed ? `Get "${scrapeUrl}": dial tcp: connect: connection refused` : '',
    lastScrape: at === undefined ? ZERO_INSTANT : instantFromMs(at),
    lastScrapeDuration: at === undefined ? 0 : 0.002 + 0.02 * fraction(`${instance} ${at}`),
    health: at === undefined ? 'unknown' : failed ? 'down' : 'up',
    scrapeInterval: `${SCRAPE_INTERVAL_MS / 1000}s`,
    scrapeTimeout: '10s',
  };
}
