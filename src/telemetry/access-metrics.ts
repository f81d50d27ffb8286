import { Gauge, type Registry } from 'prom-client';

/** What is made of the files that decide who may ask. */
interface MeasuredAccess {
  /** By name: whether what the files hold is in force. */
  readonly files: () => ReadonlyMap<string, boolean>;
  /** When the certificate that a server shows expires, by its transport: ms since the epoch. */
  readonly expiries: () => ReadonlyMap<string, number>;
}

/** Adds metrics of the files that decide who may ask. */
export function createAccessMetrics(registry: Registry, { files, expiries }: MeasuredAccess): void {
  const successful: Gauge<'file'> = new Gauge({
    name: 'promweave_access_last_reload_successful',
    help: 'Whether what a file of users, tokens or certificates of the server holds is in force; 0 where it cannot be used.',
    labelNames: ['file'],
    registers: [registry],
    collect: () => {
      for (const [file, isInForce] of files()) successful.set({ file }, isInForce ? 1 : 0);
    },
  });
  const expiry: Gauge<'transport'> = new Gauge({
    name: 'promweave_cert_expiry_timestamp_seconds',
    help: 'When the certificate that the gateway shows its clients expires, or one that leads to its authority.',
    labelNames: ['transport'],
    registers: [registry],
    collect: () => {
      for (const [transport, ms] of expiries()) expiry.set({ transport }, ms / 1000);
    },
  });
}
