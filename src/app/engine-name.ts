/**
 * A name for how queries are evaluated here: gateways that have the same name evaluate alike, so one may let the other evaluate. A version
 * that is worked on counts as one.
 * @param features of `--enable-feature`.
 */
export function engineName(version: string, features: readonly string[]): string {
  return ['promweave', version, ...[...new Set(features)].toSorted()].join(' ');
}
