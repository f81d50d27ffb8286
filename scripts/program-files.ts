import { cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from './build.ts';
import { buildPage } from './build-page.ts';

/**
 * What the program needs beside what is built, below the checkout: its version, the definitions of its services, and the
 * libraries that the build leaves outside, as they are native code for the machine that this runs on.
 */
export const PROGRAM_FILES: readonly string[] = [
  'package.json',
  'node_modules/snappy',
  'node_modules/@napi-rs',
  'node_modules/@node-rs',
  'proto',
];

/** Lays the whole program out in a folder; `dist/main.js` in it starts it. */
export async function layOutProgram(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build(join(folder, 'dist'));
  await buildPage(join(folder, 'dist-page'));
  for (const file of PROGRAM_FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(file, join(folder, file), { recursive: true, dereference: true });
  }
}
