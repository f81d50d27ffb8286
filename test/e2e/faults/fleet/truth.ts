/** What the targets of the fleet say: known beforehand, so that a wrong value is seen whoever gives it. */
export const SHARDS: readonly string[] = ['0', '1', '2'];
export const TARGETS_PER_SHARD = 2;
export const PARTS = 10;

/** The gauge `level` of a part of a target; the counter `work_total` grows by as much in a second. */
export function levelOf(target: number, part: number): number {
  return target * PARTS + part + 1;
}

/** The targets of a shard, by number. */
export function targetsOf(shard: string): readonly number[] {
  return Array.from({ length: TARGETS_PER_SHARD }, (_, i) => Number(shard) * TARGETS_PER_SHARD + i);
}

/** The levels of all series of a shard. */
export function levelsOf(shard: string): readonly number[] {
  return targetsOf(shard).flatMap((target) =>
    Array.from({ length: PARTS }, (_, part) => levelOf(target, part)),
  );
}
