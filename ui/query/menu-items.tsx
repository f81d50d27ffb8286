import { useState } from 'preact/hooks';
import { ask, Failure } from '../api/ask.ts';
import { copyText } from '../parts/copy-text.ts';
import { recentQueries } from '../state/history.ts';
import { csvOf, curlCommand, download } from './export.ts';
import type { PictureHolder } from './draw-picture.ts';
import type { PanelState, TimeSpan } from './panel-state.ts';
import type { Outcome } from './run-query.ts';

export interface MenuProps {
  readonly panel: PanelState;
  readonly span: TimeSpan;
  readonly outcome: Outcome | undefined;
  readonly picture: PictureHolder;
  /** What stands in the editor. */
  readonly draft: string;
  /** Another text for the editor. */
  readonly onText: (text: string) => void;
  readonly onRemove: (() => void) | undefined;
}

/** What is done with a query and its result besides looking at it. */
export function MenuItems({
  panel,
  span,
  outcome,
  picture,
  draft,
  onText,
  onRemove,
  latest,
  onDone,
}: MenuProps & { readonly latest: { readonly current: string }; readonly onDone: () => void }) {
  const [said, setSaid] = useState('');
  const [recent, setRecent] = useState<readonly string[]>();
  const done = (text = ''): void => {
    setSaid(text);
    if (text === '') onDone();
  };
  const copy = async (text: string): Promise<void> =>
    done((await copyText(text)) ? 'Copied.' : 'The browser does not allow it.');
  const savePicture = async (): Promise<void> => {
    const image = await picture.current?.();
    if (image === undefined) return done('There is no graph.');
    download('promweave.png', image);
    return done();
  };
  const format = async (): Promise<void> => {
    try {
      const { data } = await ask<string>('format_query', { query: draft }, { method: 'POST' });
      // What was written meanwhile is not overwritten.
      if (latest.current === draft) onText(data);
      done();
    } catch (error) {
      done(error instanceof Failure ? error.message : String(error));
    }
  };
  const value = outcome?.answer.data;
  return (
    <>
      <button class="plain" disabled={draft.trim() === ''} onClick={() => void format()}>
        Format the query
      </button>
      <button
        class="plain"
        aria-expanded={recent !== undefined}
        onClick={() => setRecent(recent === undefined ? recentQueries() : undefined)}
      >
        Queries asked before
      </button>
      {recent?.map((query) => (
        <button
          key={query}
          class="plain small mono clip"
          title={query}
          onClick={() => {
            onText(query);
            done();
          }}
        >
          <bdi>{query.slice(0, 300)}</bdi>
        </button>
      ))}
      {recent?.length === 0 && <span class="small muted">There are none yet.</span>}
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
    </>
  );
}
