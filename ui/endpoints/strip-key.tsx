import { timeText } from '../text/time.ts';
import type { StripAxis } from './strip-axis.ts';

const WORDS = [
  ['chosen', 'scraped'],
  ['gap', 'did not scrape'],
  ['failed', 'could not scrape'],
  ['hole', 'had nothing, or not known'],
] as const;

/** From when until when strips go, and what their colours say. */
export function StripKey({ axis: { start, end } }: { readonly axis: StripAxis }) {
  return (
    <p class="provenance-key strip-key small muted">
      <span>
        {timeText(start)} – {timeText(end)}
      </span>
      {WORDS.map(([part, word]) => (
        <span key={part}>
          <span class={`key-box part-${part}`} /> {word}
        </span>
      ))}
    </p>
  );
}
