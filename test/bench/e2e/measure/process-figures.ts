import { readFileSync, writeFileSync } from 'node:fs';

/** Figures of processes that Linux keeps in `/proc`. */

/** Clock ticks a second: 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/** CPU time that processes have used, ms, user and system. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuOf(pid), 0);
}

/** That of the first thread of a process, which serves, ms. */
export function servingCpuMs(pid: number): number {
  return cpuOf(`${pid}/task/${pid}`);
}

function cpuOf(place: string | number): number {
  const stat = readFileSync(`/proc/${place}/stat`, 'utf8');
  // The name is in brackets and may hold spaces. Fields 14 and 15 of all are 11 and 12 behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

/** Bytes that a process has read, from sockets too. */
export function bytesRead(pid: number): number {
  return numberAfter(readFileSync(`/proc/${pid}/io`, 'utf8'), 'rchar:');
}

/** The most memory that a process held, bytes, since {@link forgetPeak}. */
export function peakBytes(pid: number): number {
  return numberAfter(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmHWM:') * 1024;
}

/** The memory that a process holds, bytes. */
export function heldBytes(pid: number): number {
  return numberAfter(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS:') * 1024;
}

export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function numberAfter(text: string, name: string): number {
  const found = new RegExp(`${name}\\s+(\\d+)`).exec(text)?.[1];
  if (found === undefined) throw new Error(`/proc has no ${name}; the benchmark needs Linux`);
  return Number(found);
}
