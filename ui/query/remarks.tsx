import { plural } from '../text/numbers.ts';
import { RemarkText } from './remark-text.tsx';

interface Props {
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** What the API says beside an answer, folded. */
export function Remarks({ warnings, infos }: Props) {
  return (
    <>
      {warnings.length > 0 && (
        <Fold kind="missing" title={plural(warnings.length, 'warning')} texts={warnings} />
      )}
      {infos.length > 0 && <Fold kind="plain" title={plural(infos.length, 'info')} texts={infos} />}
    </>
  );
}

/** Longer lists are no help. */
const MOST = 200;

/** At most 200 characters, and no part of a word but of a very long one. */
function beginOf(text: string): string {
  return /^.{0,200}(?!\S)/s.exec(text)?.[0] ?? text.slice(0, 200);
}

function Fold({
  kind,
  title,
  texts,
}: {
  readonly kind: string;
  readonly title: string;
  readonly texts: readonly string[];
}) {
  return (
    <details class={`notice ${kind}`}>
      <summary>
        <strong>{title}</strong>{' '}
        <span class="clip">
          <RemarkText text={beginOf(texts[0]!)} />
        </span>
      </summary>
      <ul>
        {texts.slice(0, MOST).map((text) => (
          <li key={text}>
            <RemarkText text={text} />
          </li>
        ))}
        {texts.length > MOST && <li>{texts.length - MOST} more are not shown.</li>}
      </ul>
    </details>
  );
}
