import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Failure } from '../api/ask.ts';
import { place, setParameter } from '../state/place.ts';
import { countText, plural } from '../text/numbers.ts';
import { FailureNotice } from './failure-notice.tsx';
import { VirtualList } from './virtual-list.tsx';

interface Props<T> {
  readonly title: string;
  /** What one of the items is. */
  readonly noun: string;
  /** Undefined while they load for the first time. */
  readonly items: readonly T[] | undefined;
  readonly failure: Failure | undefined;
  readonly keyOf: (item: T) => string;
  /** What the search looks in. */
  readonly textOf: (item: T) => string;
  readonly row: (item: T) => ComponentChildren;
  readonly detail: (item: T) => ComponentChildren;
  /** Where there are none at all. */
  readonly empty: ComponentChildren;
  /** Beside the search. */
  readonly tools?: ComponentChildren;
  /** How many there are of which the search chose these already; it chooses among them here where it is left out. */
  readonly foundAmong?: number | undefined;
  /** px; that of two lines where it is left out. */
  readonly rowHeight?: number;
}

/** px of a row of two lines. */
const ROW = 48;

/** Two panes: a list with a search, and all of the one that is chosen. The address has both. */
export function ListDetail<T>(props: Props<T>) {
  const {
    title,
    noun,
    items,
    failure,
    keyOf,
    textOf,
    row,
    detail,
    empty,
    tools,
    rowHeight = ROW,
    foundAmong,
  } = props;
  const { parameters } = place.value;
  const search = parameters.get('search') ?? '';
  const chosen = parameters.get('item') ?? '';
  const shown = useMemo(() => {
    if (foundAmong !== undefined) return items ?? [];
    const needle = search.toLowerCase();
    return (items ?? []).filter((item) => textOf(item).toLowerCase().includes(needle));
  }, [items, search, foundAmong]);
  const index = shown.findIndex((item) => keyOf(item) === chosen);
  const item = shown[index] ?? shown[0];
  return (
    <div>
      <div class="page-head">
        <h1>{title}</h1>
        <input
          class="input"
          type="search"
          aria-label={`Search in ${title}`}
          placeholder="Search"
          value={search}
          onInput={(event) => setParameter('search', event.currentTarget.value)}
        />
        {tools}
        {items !== undefined && (
          <span class="muted small" role="status">
            {search === '' ? '' : `${countText(shown.length)} of `}
            {plural(search === '' ? items.length : (foundAmong ?? items.length), noun)}
          </span>
        )}
      </div>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {items === undefined && failure === undefined && <div class="waiting" />}
      {items !== undefined && items.length === 0 && search === '' && <div class="empty">{empty}</div>}
      {items !== undefined && shown.length === 0 && search !== '' && (
        <p class="empty">Nothing matches the search.</p>
      )}
      {item !== undefined && (
        <div class="two-panes">
          <VirtualList
            className="card pane-list"
            label={title}
            count={shown.length}
            rowHeight={rowHeight}
            reveal={index}
            row={(i) => (
              <button
                class="pane-row"
                aria-current={shown[i] === item ? 'true' : undefined}
                onClick={() => setParameter('item', keyOf(shown[i]!))}
              >
                {row(shown[i]!)}
              </button>
            )}
          />
          <section class="card detail" aria-label={`Chosen in ${title}`}>
            {detail(item)}
          </section>
        </div>
      )}
    </div>
  );
}
