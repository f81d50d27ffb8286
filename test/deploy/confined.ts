import assert from 'node:assert/strict';

/** What a service of Docker Compose may do, as the file says it. */
export interface Confinement {
  readonly image: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly pids_limit?: number;
  readonly mem_limit?: string;
  readonly restart?: string;
}

/** A service has no privileges, no root file system to write to, not all of the memory and processes, and an image of some version. */
export function assertConfined(name: string, service: Confinement): void {
  const { image, read_only, cap_drop, security_opt, pids_limit, mem_limit, restart } = service;
  assert.deepEqual(
    { read_only, cap_drop, security_opt, restart },
    {
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
    },
    name,
  );
  assert.ok(pids_limit !== undefined && mem_limit !== undefined, name);
  assert.match(image, /:(v?\d+\.\d+(\.\d+)?(-\w+)?|local)$/, name);
}

/** A port is published on the loopback interface alone. */
export function assertOnLoopback(port: string): void {
  assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
}
