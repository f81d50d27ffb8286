import { signal, type Signal } from '@preact/signals';
import { BASE } from '../api/base.ts';

/** The pages, as they stand in addresses. */
export const PAGES = [
  'query',
  'explore',
  'endpoints',
  'rules',
  'alerts',
  'targets',
  'queries',
  'status',
] as const;

export type PageName = (typeof PAGES)[number];

/** What the address says: all that a page shows follows from it, so it can be shared, and back and forward work. */
export interface Place {
  readonly page: PageName;
  readonly parameters: URLSearchParams;
}

/** What each page was left with, as long as the document is open. */
const lastSearches = new Map<PageName, string>();

export const place: Signal<Place> = signal(readPlace());

function readPlace(): Place {
  const { pathname, search } = window.location;
  const name = pathname.startsWith(BASE) ? pathname.slice(BASE.length).replaceAll('/', '') : '';
  // `/` and `/graph`, where links of Prometheus lead, are the query.
  const page = PAGES.find((each) => each === name) ?? 'query';
  lastSearches.set(page, search);
  return { page, parameters: new URLSearchParams(search) };
}

/** What a page showed when somebody left it. */
export function lastParameters(page: PageName): URLSearchParams {
  return new URLSearchParams(lastSearches.get(page));
}

export function hrefOf(page: PageName, parameters: URLSearchParams | Record<string, string> = {}): string {
  const search = new URLSearchParams(parameters).toString();
  return `${BASE}${page}${search === '' ? '' : `?${search}`}`;
}

/** Goes to a place. `replace` where going back should not lead here again. */
export function go(
  page: PageName,
  parameters: URLSearchParams | Record<string, string> = {},
  how: 'push' | 'replace' = 'push',
): void {
  const href = hrefOf(page, parameters);
  if (href === window.location.pathname + window.location.search) return;
  if (how === 'push') window.history.pushState(null, '', href);
  else window.history.replaceState(null, '', href);
  place.value = readPlace();
}

/** Sets one parameter of the page that is shown, or takes it away. */
export function setParameter(name: string, value: string, how: 'push' | 'replace' = 'replace'): void {
  const parameters = new URLSearchParams(place.value.parameters);
  if (value === '') parameters.delete(name);
  else parameters.set(name, value);
  go(place.value.page, parameters, how);
}

/** Follows back and forward, and clicks on links to pages of this server. */
export function followPlace(): void {
  window.addEventListener('popstate', () => {
    place.value = readPlace();
  });
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const name = link.origin === window.location.origin ? link.pathname.slice(BASE.length) : '';
    const page = PAGES.find((each) => each === name);
    if (page === undefined || !link.pathname.startsWith(BASE) || link.target !== '') return;
    event.preventDefault();
    go(page, new URLSearchParams(link.search));
    window.scrollTo(0, 0);
  });
}
