/** Host and port as URLs and gRPC write them: an IPv6 address stands in brackets. */
export function hostPort(host: string, port: number | string): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The same for clients on this machine, where a server listens on all of its addresses. */
export function reachableAt(host: string, port: number): string {
  if (host === '0.0.0.0') return hostPort('127.0.0.1', port);
  return hostPort(host === '::' ? '::1' : host, port);
}
