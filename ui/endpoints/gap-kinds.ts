/** What a replica did meanwhile. */
const KINDS: Readonly<Record<string, string>> = {
  away: 'did not scrape',
  failed: 'could not scrape',
  gone: 'did not have',
  sparse: 'scraped less often',
};

export function kindText(kind: string): string {
  return Object.hasOwn(KINDS, kind) ? KINDS[kind]! : kind;
}
