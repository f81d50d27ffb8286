import { FaultProxy } from '../../../support/fault-proxy/fault-proxy.ts';

/**
 * The network before one backend, as a process of its own: `slow-link-process.ts PORT DELAY_MS BYTES_PER_MS`. Ends with its parent.
 */
const [port, delayMs, bytesPerMs] = process.argv.slice(2).map(Number) as [number, number, number];
const link = await FaultProxy.start(port);
await link.set({ kind: 'slow', delayMs, bytesPerMs });
process.once('disconnect', () => void link.close());
process.send!({ url: `http://127.0.0.1:${link.port}` });
