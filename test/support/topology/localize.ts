import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** So much faster than its files say is a native run: 15 s become one. */
export const HURRY = 15;

/** Keys and flags that say how long something takes, in the files of Prometheus, Alertmanager, Alloy and the gateway. */
const DURATION =
  /\b(scrape_interval|evaluation_interval|refresh_interval|interval|for|group_wait|group_interval|batch_send_deadline|settle-timeout|peer-timeout)( *[:=] ?"?)(\d+)(s|m)\b/g;

/** The address of a service inside of the network of its containers, and the one on this machine: `host:port` both. */
export type Addresses = ReadonlyMap<string, string>;

/** Where a service runs without a container. */
export interface Place {
  /** The folder that is the root of its file system. */
  readonly root: string;
  readonly addresses: Addresses;
  /** The ports of its own container, each with the address on this machine. */
  readonly own: ReadonlyMap<number, string>;
}

/** A text that was written for a container, with the addresses of this machine. */
export function localizeAddresses(text: string, addresses: Addresses): string {
  const names = [...addresses.keys()].toSorted((a, b) => b.length - a.length);
  const pattern = names.map((name) => name.replaceAll('.', '\\.')).join('|');
  return text.replace(new RegExp(`(?<![\\w.-])(?:${pattern})(?!\\d)`, 'g'), (name) => addresses.get(name)!);
}

/** A text of a service, with the addresses, folders and times of a native run. */
export function localize(text: string, { root, addresses, own }: Place): string {
  let local = localizeAddresses(text, addresses).replaceAll(DURATION, hurried);
  for (const [port, address] of own) local = local.replaceAll(`0.0.0.0:${port}`, address);
  return local.replaceAll(/(?<![\w./-])\/(?=(?:etc|tmp|prometheus|alertmanager|storage)\b)/g, `${root}/`);
}

/** Copies what a container has mounted to where a native run looks for it. */
export function localizeFile(source: string, target: string, place: Place): void {
  const to = join(place.root, target);
  if (statSync(source).isDirectory()) {
    for (const name of readdirSync(source)) localizeFile(join(source, name), join(target, name), place);
    return;
  }
  mkdirSync(dirname(to), { recursive: true });
  cpSync(source, to);
  writeFileSync(to, localize(readFileSync(source, 'utf8'), place));
}

function hurried(_whole: string, key: string, between: string, count: string, unit: string): string {
  const ms = Number(count) * (unit === 's' ? 1000 : 60_000);
  return `${key}${between}${Math.round(ms / HURRY)}ms`;
}
