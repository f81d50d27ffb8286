import { useEffect, useState } from 'preact/hooks';
import type { QueryJson } from '../../src/http/api/query.ts';
import { ask, isAbort } from '../api/ask.ts';
import { labelName } from '../text/labels.ts';
import type { NowAndBefore } from './change-text.ts';

const DAY = 86_400;
/** A count may look at all series; s. */
const TIMEOUT = '15s';
/** Where so many cannot be counted, the others cannot, either. */
const MOST_FAILURES = 3;

/** What became of something within a day, or why that is not known. */
export type DayChange = NowAndBefore | { readonly unknown: string };

/** The expression that counts something, by the name of its row. */
export type Counts = ReadonlyMap<string, string>;

/** How many values a label has among the series that a selector chooses; an empty one chooses all. */
export function countValues(label: string, selector: string): string {
  const name = labelName(label);
  return `count(count by (${name}) (${joined(`${name}!=""`, selector)}))`;
}

/** How many series have a pair, as the statistics write it. */
export function countPair(pair: string, selector: string): string {
  const at = pair.indexOf('=');
  const matcher = `${labelName(pair.slice(0, at))}=${JSON.stringify(pair.slice(at + 1))}`;
  return `count(${joined(matcher, selector)})`;
}

function joined(matcher: string, selector: string): string {
  const others = selector.trim().replace(/^\{/, '').replace(/\}$/, '').trim();
  return others === '' ? `{${matcher}}` : `{${matcher},${others}}`;
}

/**
 * Counts now and a day ago, row by row: each count may look at very many series, so one runs at a time. Both are counted in the same
 * way, each series once, because what servers say of themselves is of now alone. Ends what runs when the key changes, and with the view.
 * @param key what it is about; nothing is counted where it is undefined.
 */
export function useDayChanges(key: string | undefined, counts: Counts): ReadonlyMap<string, DayChange> {
  const [changes, setChanges] = useState<ReadonlyMap<string, DayChange>>(new Map());
  useEffect(() => {
    setChanges(new Map());
    if (key === undefined) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const run = async (): Promise<void> => {
      const end = Math.floor(Date.now() / 1000);
      let failures = 0;
      for (const [name, expression] of counts) {
        let change: DayChange;
        if (failures >= MOST_FAILURES) change = { unknown: 'Not counted, because others could not be.' };
        else change = await changeOf(expression, end, signal);
        if (signal.aborted) return;
        if ('unknown' in change) failures++;
        setChanges((known) => new Map(known).set(name, change));
      }
    };
    void run();
    return () => controller.abort();
  }, [key]);
  return changes;
}

async function changeOf(expression: string, end: number, signal: AbortSignal): Promise<DayChange> {
  try {
    // One after the other, as each may read very much.
    const now = await count(expression, end, signal);
    return { now, before: await count(expression, end - DAY, signal) };
  } catch (error) {
    if (isAbort(error)) return { unknown: '' };
    return { unknown: error instanceof Error ? error.message : String(error) };
  }
}

/** Throws what it lacks where an answer is not whole, because half of a count is none. */
async function count(query: string, time: number, signal: AbortSignal): Promise<number> {
  const form = { query, time, timeout: TIMEOUT };
  const { data, warnings } = await ask<QueryJson>('query', form, { signal, method: 'POST' });
  const [warning] = warnings;
  if (warning !== undefined) throw new Error(warning);
  const [sample] = data.resultType === 'vector' ? data.result : [];
  return Number(sample?.value?.[1] ?? 0);
}
