import type { EndpointNote } from '../answered.ts';
import { PartialResponseStrategy } from '../../wire/store-api/partial-response.ts';
import { EndpointError } from '../endpoint-error.ts';
import { oneLine } from '../server-text.ts';

/** Warnings that are kept of one answer, and characters of each. */
const MOST_WARNINGS = 100;
const MOST_TEXT = 500;

/** The strategy that a request asks for. */
export function strategyOf(partialResponse: boolean): number {
  return partialResponse ? PartialResponseStrategy.warn : PartialResponseStrategy.abort;
}

/**
 * Warnings of one answer. A store warns where it could not read a part of its data, so where partial answers are
 * refused a warning is a failure, whatever the server made of the strategy (as in Thanos, pkg/store/proxy.go).
 */
export class Warnings {
  readonly #partialResponse: boolean;
  readonly #texts = new Set<string>();
  #more = 0;

  constructor(partialResponse: boolean) {
    this.#partialResponse = partialResponse;
  }

  /** Throws EndpointError where the answer must be whole. */
  add(text: string): void {
    if (!this.#partialResponse)
      throw new EndpointError(
        'unavailable',
        `it warns that its answer may be incomplete: ${oneLine(text, MOST_TEXT)}`,
      );
    if (this.#texts.size < MOST_WARNINGS) this.#texts.add(oneLine(text, MOST_TEXT));
    else this.#more++;
  }

  addAll(texts: Iterable<string>): void {
    for (const text of texts) this.add(text);
  }

  annotations(): readonly EndpointNote[] {
    const messages = [...this.#texts];
    if (this.#more > 0) messages.push(`and ${this.#more} more warnings`);
    return messages.map((message) => ({ kind: 'incomplete', message }));
  }
}
