import { Fragment } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { go, lastParameters, type PageName } from '../state/place.ts';

/** What follows on `g`. */
const GOES: Readonly<Record<string, PageName>> = {
  q: 'query',
  m: 'explore',
  e: 'endpoints',
  r: 'rules',
  a: 'alerts',
  t: 'targets',
  u: 'queries',
  s: 'status',
};

/** How long one may wait between two keys. */
const NEXT_KEY_MS = 1000;

/** Events that parts of pages hear of: the name is in {@link KeyCommand}. */
const KEY_EVENT = 'promweave-key';
export type KeyCommand = 'focus' | 'earlier' | 'later';

const COMMANDS: Readonly<Record<string, KeyCommand>> = { '/': 'focus', '[': 'earlier', ']': 'later' };

/** Hears of a command; the newest listener that takes it. */
export function onKeyCommand(listener: (command: KeyCommand) => void): () => void {
  const hear = (event: Event): void => listener((event as CustomEvent<KeyCommand>).detail);
  window.addEventListener(KEY_EVENT, hear);
  return () => window.removeEventListener(KEY_EVENT, hear);
}

export function followKeys(showHelp: () => void): () => void {
  let afterG = -Infinity;
  const hear = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    const { key } = event;
    const page = performance.now() - afterG < NEXT_KEY_MS && Object.hasOwn(GOES, key) ? GOES[key] : undefined;
    afterG = key === 'g' ? performance.now() : -Infinity;
    if (page !== undefined) go(page, lastParameters(page));
    else if (key === '?') showHelp();
    else if (Object.hasOwn(COMMANDS, key)) {
      window.dispatchEvent(new CustomEvent(KEY_EVENT, { detail: COMMANDS[key]! }));
      if (key === '/') startSearch();
    } else return;
    event.preventDefault();
  };
  window.addEventListener('keydown', hear);
  return () => window.removeEventListener('keydown', hear);
}

/** Pages of lists have one search. */
function startSearch(): void {
  const search = document.querySelector<HTMLInputElement>('.content [type=search]');
  search?.focus();
  search?.select();
}

/** Keys that are text belong to where they are typed; the editor has a root of its own. */
function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

const SHOWN: readonly (readonly [keys: string, what: string])[] = [
  ['/', 'to the query, or to the search'],
  ['Ctrl Enter', 'run the query'],
  ['Escape', 'leave the editor'],
  ['[ ]', 'shift the range of the first panel'],
  ['drag, double click', 'zoom a graph, and back'],
  ['g q', 'Query'],
  ['g m', 'Explore'],
  ['g e', 'Endpoints'],
  ['g r', 'Rules'],
  ['g a', 'Alerts'],
  ['g t', 'Targets'],
  ['g u', 'Queries'],
  ['g s', 'Status'],
  ['?', 'these keys'],
];

export function KeysDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="keys-title">
      <div class="row">
        <h2 id="keys-title" class="grow">
          Keys
        </h2>
        <button onClick={onClose}>Close</button>
      </div>
      <dl class="keys">
        {SHOWN.map(([keys, what]) => (
          <Fragment key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </Fragment>
        ))}
      </dl>
    </dialog>
  );
}
