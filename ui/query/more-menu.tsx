import { useRef, useState } from 'preact/hooks';
import { copyText } from '../parts/copy-text.ts';
import { csvOf, curlCommand, download } from './export.ts';
import type { PictureHolder } from './draw-picture.ts';
import type { PanelState, TimeSpan } from './panel-state.ts';
import type { Outcome } from './run-query.ts';

interface Props {
  readonly panel: PanelState;
  readonly span: TimeSpan;
  readonly outcome: Outcome | undefined;
  readonly picture: PictureHolder;
  readonly onRemove: (() => void) | undefined;
}

/** What is done with a result besides looking at it. */
export function MoreMenu({ panel, span, outcome, picture, onRemove }: Props) {
  const details = useRef<HTMLDetailsElement>(null);
  const [said, setSaid] = useState('');
  const done = (text = ''): void => {
    setSaid(text);
    if (text === '' && details.current !== null) details.current.open = false;
  };
  const copy = async (text: string): Promise<void> =>
    done((await copyText(text)) ? 'Copied.' : 'The browser does not allow it.');
  const savePicture = async (): Promise<void> => {
    const image = await picture.current?.();
    if (image === undefined) return done('There is no graph.');
    download('promweave.png', image);
    return done();
  };
  const value = outcome?.answer.data;
  return (
    <details
      class="menu"
      ref={details}
      onToggle={() => setSaid('')}
      onKeyDown={(event) => {
        if (event.key === 'Escape') done();
      }}
    >
      <summary class="menu-button" aria-label="More: export, copy, remove" title="More">
        ⋯
      </summary>
      <div class="menu-list card">
        <button class="plain" onClick={() => void copy(curlCommand(panel, span))}>
          Copy as curl
        </button>
        <button class="plain" onClick={() => void copy(window.location.href)}>
          Copy the address
        </button>
        <button
          class="plain"
          disabled={value === undefined}
          onClick={() => {
            download('promweave.csv', new Blob([csvOf(value!)], { type: 'text/csv' }));
            done();
          }}
        >
          Save as CSV
        </button>
        <button
          class="plain"
          disabled={value === undefined}
          onClick={() => {
            download(
              'promweave.json',
              new Blob([JSON.stringify(value, null, 1)], { type: 'application/json' }),
            );
            done();
          }}
        >
          Save as JSON
        </button>
        {panel.tab === 'graph' && (
          <button class="plain" disabled={value === undefined} onClick={() => void savePicture()}>
            Save as PNG
          </button>
        )}
        {onRemove !== undefined && (
          <button class="plain" onClick={onRemove}>
            Remove this panel
          </button>
        )}
        <span role="status" class="small muted">
          {said}
        </span>
      </div>
    </details>
  );
}
