import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocatorInUse } from '../../src/telemetry/allocator.ts';

const GLIBC = '7f6b-7f6c r--p 00000000 fe:00 326269   /usr/lib/x86_64-linux-gnu/libc.so.6\n';

test('a preloaded allocator stands before the C library', () => {
  for (const [maps, name] of [
    [GLIBC, 'glibc'],
    ['7f6b-7f6c r-xp 0 fe:00 1   /lib/x86_64-linux-gnu/libc-2.31.so\n', 'glibc'],
    ['7f6b-7f6c r-xp 0 fe:00 1   /lib/ld-musl-aarch64.so.1\n', 'musl'],
    [`7f6b-7f6c r-xp 0 fe:00 1   /usr/lib64/libjemalloc.so.2\n${GLIBC}`, 'jemalloc'],
    [`${GLIBC}7f6b-7f6c r-xp 0 fe:00 1   /usr/lib/libtcmalloc_minimal.so.4\n`, 'tcmalloc'],
    ['7f6b-7f6c r-xp 0 fe:00 1   /usr/lib/libcares.so.2\n', 'system'],
    ['', 'system'],
  ] as const)
    assert.equal(allocatorInUse(maps), name, maps);
});

test('that of this process is told', () => {
  assert.match(allocatorInUse(), process.platform === 'linux' ? /^(?!system)/ : /^system$/);
});
