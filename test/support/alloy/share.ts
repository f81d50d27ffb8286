import { createHash } from 'node:crypto';

/**
 * The replica that scrapes a target: the one with the highest hash of both names (rendezvous hashing). Where a replica goes, its own targets move
 * and no others, as those of Alloy do on its ring.
 */
export function ownerOf(target: string, replicas: readonly string[]): string {
  const hashed = replicas.map(
    (replica) => [createHash('md5').update(`${replica} ${target}`).digest('hex'), replica] as const,
  );
  return hashed.toSorted(([a], [b]) => (a < b ? 1 : -1))[0]![1];
}
