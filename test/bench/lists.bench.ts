import { measureList, type ListLoad } from '../support/load/list-load.ts';

/** The longest lists that are promised, and what the process may hold meanwhile, MB. */
const LISTS: readonly (ListLoad & { readonly mostMegabytes: number })[] = [
  { list: 'series', count: 1_000_000, mostMegabytes: 300 },
  { list: 'series', count: 500_000, over: 'stores', mostMegabytes: 350 },
  { list: 'values', count: 5_000_000, mostMegabytes: 500 },
];

/** How much memory the program takes for long lists over two replicas that both have all of it. */
export async function run(): Promise<void> {
  const rows: Record<string, unknown> = {};
  for (const { mostMegabytes, ...load } of LISTS) {
    const { items, restBytes, peakBytes } = await measureList(load);
    const peak = peakBytes / 1e6;
    const { list, count, over = 'servers' } = load;
    rows[`${count} ${list} of ${over}`] = {
      items,
      'MB before': Math.round(restBytes / 1e6),
      'MB at most': Math.round(peak),
      bound: mostMegabytes,
    };
    if (items !== count || peak > mostMegabytes) process.exitCode = 1;
  }
  console.table(rows);
}
