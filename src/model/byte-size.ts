/** Units of sizes, each 1024 of the one before; a size may be written with or without the `i`. */
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

const SIZE = /^(?<count>\d+(?:\.\d+)?)\s*(?<unit>[KMGT]i?B?|B)?$/i;

/**
 * Bytes of a size as people write it: `512MiB`, `2GB`, `1.5G`, `0`. Units are powers of 1024, as for sizes of Prometheus.
 * Undefined where the text is no size.
 */
export function parseBytes(text: string): number | undefined {
  const groups = SIZE.exec(text.trim())?.groups;
  if (groups === undefined) return undefined;
  const letter = (groups['unit'] ?? 'B').charAt(0).toUpperCase();
  const power = UNITS.findIndex((unit) => unit.startsWith(letter));
  return Math.floor(Number(groups['count']) * 1024 ** power);
}

/** The shortest text that {@link parseBytes} reads as about this size: exact where the size is round. */
export function formatBytes(bytes: number): string {
  let power = 0;
  let count = bytes;
  while (count >= 1024 && power < UNITS.length - 1) {
    count /= 1024;
    power++;
  }
  return `${Number(count.toFixed(2))}${UNITS[power]!}`;
}
