import { readFileSync } from 'node:fs';

/**
 * PEM texts of `certificates/`: a CA, whose key is gone, and what it signed for `store.example` and `gateway.example`,
 * good until 2126. For tests alone.
 */
export const CERTIFICATES: {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
} = {
  ca: read('ca.crt'),
  server: { cert: read('server.crt'), key: read('server.key') },
  client: { cert: read('client.crt'), key: read('client.key') },
};

function read(file: string): string {
  return readFileSync(new URL(`./certificates/${file}`, import.meta.url), 'utf8');
}
