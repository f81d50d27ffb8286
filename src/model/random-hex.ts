const POOL_BYTES = 1024;

let pool = '';
let used = 0;

/**
 * So many random hex digits, 2 KiB of them at most. They are made in batches: to ask the system for a few takes longer than all else
 * that a request's ids cost.
 */
export function randomHex(digits: number): string {
  if (used + digits > pool.length) {
    pool = Buffer.from(crypto.getRandomValues(new Uint8Array(POOL_BYTES))).toString('hex');
    used = 0;
  }
  const from = used;
  used += digits;
  return pool.slice(from, used);
}
