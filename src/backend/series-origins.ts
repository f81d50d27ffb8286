import type { Labels } from '../model/labels.ts';
import type { Answered } from './answered.ts';

/** Where the series of a server come from, beside the scrapes of its targets, as its configuration has it. */
export interface SeriesOrigins {
  /** Names of the series that its rules make. */
  readonly ruleNames: ReadonlySet<string>;
  /** Why any series may come at any time, of any name; undefined where none may. */
  readonly open: string | undefined;
  /** Whether a scrape may give its series another `job` or `instance` than its target has. */
  readonly isRenaming: boolean;
}

/** So many targets of each kind are told at most; that there are more shows by one more. */
export const MOST_TOLD = 1000;

/** What is new at a server at one moment. */
export interface SeriesNews {
  /**
   * Another text after each start of the server, after each change of its configuration that is in force, and after a block of samples
   * came or went.
   */
  readonly state: string;
  /** Labels of the targets that showed series in the last {@link NEWS_MS} that their scrape before did not have. */
  readonly added: readonly Labels[];
  /** Labels of the targets whose last scrape failed. */
  readonly failing: readonly Labels[];
}

/**
 * So long back news reach, ms. Whoever knows all series of a server as of a time not longer ago than this, less
 * {@link LONGEST_SCRAPE_MS}, hears of each that a scrape added since.
 */
export const NEWS_MS = 300_000;
/** A scrape is stored this much after its time at most, ms. */
export const LONGEST_SCRAPE_MS = 150_000;

/** What an endpoint tells of the origin of its series. */
export interface OriginCalls {
  origins(signal: AbortSignal): Answered<SeriesOrigins>;
  /** Small and quick. */
  news(signal: AbortSignal): Answered<SeriesNews>;
}
