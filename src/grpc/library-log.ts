import { setLogger } from '@grpc/grpc-js';

/**
 * Hands over what the gRPC library prints. It writes raw lines to standard error, in the middle of a log and ahead of the
 * error that it then also reports. There is one such logger in a process, for servers and clients alike.
 */
export function takeLibraryLog(log: (message: string) => void): void {
  const take = (...parts: readonly unknown[]): void => log(parts.map(String).join(' '));
  setLogger({ error: take, info: take, debug: take });
}
