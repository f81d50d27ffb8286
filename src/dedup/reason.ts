/** Why a replica was chosen for a window. Replicas go by their full names. */
export type DedupReason =
  /** No other has the series there. */
  | { readonly kind: 'only source' }
  /** Another gave the series up there. */
  | { readonly kind: 'stale' }
  /** Nothing sets them apart but the name. */
  | { readonly kind: 'tie' }
  /** One that is preferred by name is scraped less often. */
  | { readonly kind: 'denser'; readonly than: string }
  /** One that is preferred by name missed so many scrapes more. */
  | { readonly kind: 'missed'; readonly replica: string; readonly scrapes: number };

/** A reason as people read it; `nameOf` gives a replica the name that they know. */
export function renderReason(reason: DedupReason, nameOf: (replica: string) => string): string {
  switch (reason.kind) {
    case 'only source':
    case 'stale':
    case 'tie':
      return reason.kind;
    case 'denser':
      return `denser than ${nameOf(reason.than)}`;
    case 'missed': {
      const { replica, scrapes } = reason;
      return `replica ${nameOf(replica)} missed ${scrapes} ${scrapes === 1 ? 'scrape' : 'scrapes'}`;
    }
  }
}

/** What reasons have in common that differ in their figures alone: `replica a missed scrapes`. */
export function renderReasonGroup(reason: DedupReason, nameOf: (replica: string) => string): string {
  return reason.kind === 'missed'
    ? `replica ${nameOf(reason.replica)} missed scrapes`
    : renderReason(reason, nameOf);
}
