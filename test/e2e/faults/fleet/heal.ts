import { untilEndpointsUp } from '../../../support/serve-process.ts';
import { REFRESH_MS, type Fleet } from './fleet.ts';

/** Waits until the gateway has every replica again, and has read what each scraped meanwhile. */
export async function untilHealed({ gateway, replicas }: Fleet): Promise<void> {
  await untilEndpointsUp(gateway.url, replicas.length);
  await new Promise((resolve) => setTimeout(resolve, REFRESH_MS + 500));
}
