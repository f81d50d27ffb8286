import { readFileSync } from 'node:fs';

interface Certificates {
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/**
 * PEM texts of `certificates/`: a CA, whose key is gone, and what it signed for `store.example` and `gateway.example`,
 * good until 2126. For tests alone.
 */
export const CERTIFICATES: Certificates = certificatesIn('');

/** The same of another CA with the same name, as if all of them had been renewed. */
export const RENEWED: Certificates = certificatesIn('renewed/');

function certificatesIn(folder: string): Certificates {
  const pair = (name: string) => ({
    cert: read(`${folder}${name}.crt`),
    key: read(`${folder}${name}.key`),
  });
  return { ca: read(`${folder}ca.crt`), server: pair('server'), client: pair('client') };
}

function read(file: string): string {
  return readFileSync(new URL(`./certificates/${file}`, import.meta.url), 'utf8');
}
