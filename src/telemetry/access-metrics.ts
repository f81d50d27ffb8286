import { Gauge, type Registry } from 'prom-client';

/** Adds metrics of the files that decide who may ask. */
export function createAccessMetrics(registry: Registry, files: () => ReadonlyMap<string, boolean>): void {
  const successful: Gauge<'file'> = new Gauge({
    name: 'promweave_access_last_reload_successful',
    help: 'Whether what a file of users, tokens or certificates of the server holds is in force; 0 where it cannot be used.',
    labelNames: ['file'],
    registers: [registry],
    collect: () => {
      for (const [file, isInForce] of files()) successful.set({ file }, isInForce ? 1 : 0);
    },
  });
}
