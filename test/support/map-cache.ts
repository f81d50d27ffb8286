import type { SharedCache } from '../../src/shared-cache/shared-cache.ts';

/** A shared cache in memory that forgets nothing by itself. */
export class MapCache implements SharedCache {
  readonly mostValueBytes: number = 1e6;
  readonly values: Map<string, Uint8Array> = new Map();

  async get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return keys.map((key) => this.values.get(key));
  }

  put(key: string, value: Uint8Array, _lifetimeMs: number): void {
    this.values.set(key, value);
  }

  close(): void {
    this.values.clear();
  }
}
