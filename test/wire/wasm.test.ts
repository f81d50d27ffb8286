import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { buildWasm, wasmTarget, WASM_MODULES } from '../../scripts/build-wasm.ts';

describe('the WebAssembly module', () => {
  for (const name of WASM_MODULES)
    it(`${name} is built from its source as it is`, async () => {
      const generated = readFileSync(wasmTarget(name), 'utf8');
      assert.equal(await buildWasm(name), generated, 'run: npm run build:wasm');
    });
});
