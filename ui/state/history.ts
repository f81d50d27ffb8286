import { keep, kept } from './settings.ts';

const MOST_KEPT = 30;
/** Longer ones would fill what a browser keeps. */
const LONGEST = 2000;

/** Queries that were answered in this browser, the newest first. */
export function recentQueries(): readonly string[] {
  try {
    const list: unknown = JSON.parse(kept('history') ?? '[]');
    return Array.isArray(list) ? list.filter((each) => typeof each === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberQuery(text: string): void {
  const [newest, ...others] = [text.trim(), ...recentQueries()];
  if (newest === others[0] || newest.length > LONGEST) return;
  keep('history', JSON.stringify([newest, ...others.filter((each) => each !== newest)].slice(0, MOST_KEPT)));
}
