import type { PasswordCheck } from '../../access/passwords.ts';

/**
 * Checks passwords as Go's bcrypt does, on a thread of libuv. The library has native code, so it is loaded where there are users alone.
 */
export async function loadPasswordCheck(): Promise<PasswordCheck> {
  const { verify } = await import('@node-rs/bcrypt');
  // All minor versions are computed alike (golang.org/x/crypto/bcrypt), and the library knows those in use alone.
  return (password, hash) => verify(password, hash.replace(/^\$2(?:[^$].)?(?=\d\d\$)/s, '$$2b$$'));
}
