import { plural } from '../text/numbers.ts';
import { RemarkText } from './remark-text.tsx';

/** How many warnings of what was asked besides stand under a graph. */
const MOST_LOSSES = 5;

/** Warnings of what was asked besides. */
export function Losses({ texts }: { readonly texts: readonly string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul class="small is-missing">
      {texts.slice(0, MOST_LOSSES).map((text) => (
        <li key={text}>
          <RemarkText text={text} />
        </li>
      ))}
      {texts.length > MOST_LOSSES && (
        <li>{plural(texts.length - MOST_LOSSES, 'more warning')} like these.</li>
      )}
    </ul>
  );
}
