import { Gauge, type Registry } from 'prom-client';
import type { ConfigStatus } from '../model/config-status.ts';

/** Adds metrics of the configuration in force to the registry. Their names end as those of Prometheus do. */
export function createConfigMetrics(registry: Registry, status: () => ConfigStatus): void {
  const registers = [registry];
  const successful: Gauge = new Gauge({
    name: 'promweave_config_last_reload_successful',
    help: 'Whether the configuration that was read last is in force; 0 where it cannot be used.',
    registers,
    collect: () => successful.set(status().isLastReloadSuccessful ? 1 : 0),
  });
  const loaded: Gauge = new Gauge({
    name: 'promweave_config_last_reload_success_timestamp_seconds',
    help: 'When the configuration in force was read.',
    registers,
    collect: () => loaded.set(status().loadedAt / 1000),
  });
}
