import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { stampOfFile } from '../../../src/app/file-stamp.ts';
import { FileWatch, LOOK_AT_FILES_MS, type FileStamps } from '../../../src/app/reload/file-watch.ts';
import { ManualTimers } from '../../support/manual-timers.ts';

interface World {
  readonly file: string;
  readonly changes: () => number;
  /** Lets the watch look once. */
  readonly look: () => Promise<void>;
}

function worldOf(t: TestContext): World {
  const folder = mkdtempSync(join(tmpdir(), 'promweave-watch-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.yml');
  writeFileSync(file, 'one');
  const stamps = (): FileStamps => new Map([[file, stampOfFile(file)]]);
  const timers = new ManualTimers();
  let changes = 0;
  const watch = new FileWatch(stamps(), timers, async () => {
    changes++;
    watch.follow(stamps());
  });
  t.after(() => watch.stop());
  return {
    file,
    changes: () => changes,
    look: async () => {
      await timers.fire(LOOK_AT_FILES_MS);
      // It waits for the next look once this one is over.
      while (timers.delays().length === 0) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('a file that stays the same is told nothing of', async (t) => {
  const { changes, look } = worldOf(t);
  for (let i = 0; i < 4; i++) await look();
  assert.equal(changes(), 0);
});

test('a change is told once, when nothing more came', async (t) => {
  const { file, changes, look } = worldOf(t);
  await look();
  writeFileSync(file, 'half');
  await look();
  writeFileSync(file, 'half and the other half');
  await look();
  assert.equal(changes(), 0);
  await look();
  await look();
  assert.equal(changes(), 1);
});

test('a file that takes the place of another, goes away or comes back is a change', async (t) => {
  const { file, changes, look } = worldOf(t);
  writeFileSync(`${file}~`, 'one');
  renameSync(`${file}~`, file);
  await look();
  await look();
  rmSync(file);
  await look();
  await look();
  writeFileSync(file, 'one');
  await look();
  await look();
  assert.equal(changes(), 3);
});
