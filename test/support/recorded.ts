import { existsSync, readFileSync } from 'node:fs';

const FOLDER = new URL('../../../shared/recorded/', import.meta.url);

/** Whether the recorded answers of real servers lie beside the checkout; says so plainly where they do not. */
export function recordedAvailable(): boolean {
  const available = existsSync(FOLDER);
  if (!available) console.log(`# recorded answers are absent (${FOLDER.pathname}): not compared with them`);
  return available;
}

export function readRecorded(path: string): Buffer {
  return readFileSync(new URL(path, FOLDER));
}
