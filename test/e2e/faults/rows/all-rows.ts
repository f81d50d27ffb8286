import { BASELINE_ROW } from './baseline.ts';
import { CLIENT_GONE_ROW } from './client-gone.ts';
import { CLOCK_ROWS } from './clock-off.ts';
import { LIST_ROWS } from './list-changes.ts';
import { MANY_CLIENTS_ROW } from './many-clients.ts';
import { ONE_REPLICA_ROWS } from './one-replica.ts';
import { RELOAD_ROW } from './reload.ts';
import { REPLICA_RETURNS_ROW } from './replica-returns.ts';
import { ROLLING_RESTART_ROW } from './rolling-restart.ts';
import type { FaultRow } from './row.ts';
import { SHARD_GONE_ROWS } from './shard-gone.ts';
import { SIBLING_HOLE_ROW } from './sibling-hole.ts';

export const ALL_ROWS: readonly FaultRow[] = [
  BASELINE_ROW,
  ...ONE_REPLICA_ROWS,
  ...SHARD_GONE_ROWS,
  SIBLING_HOLE_ROW,
  REPLICA_RETURNS_ROW,
  ...LIST_ROWS,
  RELOAD_ROW,
  ROLLING_RESTART_ROW,
  MANY_CLIENTS_ROW,
  CLIENT_GONE_ROW,
  ...CLOCK_ROWS,
];

/** Those of these names; throws for a name that no row has. */
export function rowsNamed(names: readonly string[]): readonly FaultRow[] {
  return names.map((name) => {
    const row = ALL_ROWS.find((each) => each.name === name);
    if (row === undefined)
      throw new Error(`there is no row ${name}; there are ${ALL_ROWS.map((each) => each.name).join(', ')}`);
    return row;
  });
}
