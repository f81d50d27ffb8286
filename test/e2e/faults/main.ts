import { startFleet } from './fleet/fleet.ts';
import { ALL_ROWS, rowsNamed } from './rows/all-rows.ts';
import { FULL, type RowResult } from './rows/row.ts';
import { tableHead, tableRow } from './table.ts';

/** `main.ts [ROW…]` runs all rows or some, prints the table, and fails where a row does not hold. */
const names = process.argv.slice(2);
const rows = names.length === 0 ? ALL_ROWS : rowsNamed(names);

const fleet = await startFleet();
let broken = 0;
try {
  console.log(tableHead());
  for (const row of rows) {
    const result = await row.run(fleet, FULL).catch((thrown: unknown): RowResult => ({
      figures: undefined,
      bound: '',
      problems: [thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)],
    }));
    if (result.problems.length > 0) broken++;
    console.log(tableRow(row.name, result));
  }
} finally {
  await fleet.stop();
}
console.log(broken === 0 ? 'All rows hold.' : `${broken} of ${rows.length} rows do not hold.`);
process.exitCode = broken === 0 ? 0 : 1;
