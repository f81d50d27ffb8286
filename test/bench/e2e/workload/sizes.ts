/** How much data the servers hold and how far the queries reach. */
export interface Size {
  /** Targets of all shards together; each has 68 series. */
  readonly targets: number;
  /** Length of the data, and of the long queries, ms. */
  readonly span: number;
  /** Length of the short queries, ms. */
  readonly shortSpan: number;
  /** Series of each of the two wide servers. */
  readonly wideSeries: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const SIZES: Readonly<Record<SizeName, Size>> = {
  small: {
    targets: 24,
    span: HOUR,
    shortSpan: 10 * MINUTE,
    wideSeries: 2000,
  },
  medium: {
    targets: 60,
    span: 3 * HOUR,
    shortSpan: 30 * MINUTE,
    wideSeries: 20_000,
  },
  full: {
    targets: 120,
    span: 6 * HOUR,
    shortSpan: HOUR,
    wideSeries: 100_000,
  },
};

export type SizeName = 'small' | 'medium' | 'full';

export function isSizeName(text: string): text is SizeName {
  return Object.hasOwn(SIZES, text);
}
