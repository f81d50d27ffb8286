import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { messageOf, QueryError } from '../model/errors.ts';
import { certificatesIn, firstExpiry } from './certificates.ts';
import { stampOfFile } from './file-stamp.ts';
import { readTextFile } from './read-text-file.ts';

/** File names or, once they are read, PEM texts. */
export interface Pem {
  /** Authorities to trust. */
  readonly ca?: string | undefined;
  /** The own certificate, with those that lead to its authority. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Hears what became of files that changed, for the log. */
export type FileNote = (level: 'info' | 'warn', message: string) => void;

/**
 * Certificates and keys in files, which are renewed while the gateway runs: in place, by renaming, or by the swapped links
 * of a Kubernetes volume. Files that cannot be used leave the former ones in use.
 */
export class PemFiles {
  readonly #files: Pem;
  readonly #note: FileNote;
  #texts: Pem;
  #expiry: number | undefined;
  #stamp: string;
  #problem = '';

  /** Throws `bad_data` where a file cannot be used. */
  constructor(files: Pem, note: FileNote) {
    this.#files = files;
    this.#note = note;
    this.#stamp = stampOf(files);
    this.#texts = readPem(files);
    this.#expiry = firstExpiry(this.#texts.cert);
  }

  /** The texts to use now; the same object until the files change. Never throws. */
  current(): Pem {
    // Looked at before they are read: a change in between shows the next time.
    const stamp = stampOf(this.#files);
    if (stamp === this.#stamp) return this.#texts;
    this.#stamp = stamp;
    try {
      const texts = readPem(this.#files);
      if (!isSame(texts, this.#texts)) {
        this.#expiry = firstExpiry(texts.cert);
        this.#texts = texts;
        this.#note('info', `TLS files were read again: ${namesOf(this.#files).join(', ')}`);
      }
      this.#problem = '';
    } catch (thrown) {
      this.#tell(messageOf(thrown));
    }
    return this.#texts;
  }

  /** Why it is not what the files hold that is in use; undefined where it is. */
  problem(): string | undefined {
    return this.#problem === '' ? undefined : this.#problem;
  }

  /** When the own certificate in use expires, or one that leads to its authority: ms since the epoch; undefined where there is none. */
  expiry(): number | undefined {
    return this.#expiry;
  }

  #tell(problem: string): void {
    const told = `${problem}; what was read before stays in use until the files are right`;
    if (told === this.#problem) return;
    this.#problem = told;
    this.#note('warn', told);
  }
}

function namesOf({ ca, cert, key }: Pem): readonly string[] {
  return [ca, cert, key].filter((file) => file !== undefined);
}

/** Changes with each of the files. */
function stampOf(files: Pem): string {
  return namesOf(files).map(stampOfFile).join(' ');
}

function isSame(a: Pem, b: Pem): boolean {
  return a.ca === b.ca && a.cert === b.cert && a.key === b.key;
}

/** Reads and checks: Node takes a damaged file of authorities for one without any, and an empty one for its own list. */
function readPem(files: Pem): Pem {
  if ((files.cert === undefined) !== (files.key === undefined))
    throw new QueryError(
      'bad_data',
      `${files.cert ?? files.key} is of no use alone: a certificate and its key are set together`,
    );
  const texts = { ca: readTextFile(files.ca), cert: readTextFile(files.cert), key: readTextFile(files.key) };
  checkPem(files, texts);
  return texts;
}

/** Throws `bad_data` where texts are no certificates, or a key is of another one. */
export function checkPem(files: Pem, texts: Pem): void {
  if (texts.ca !== undefined) checkAuthorities(files.ca!, texts.ca);
  if (texts.cert !== undefined) checkPair(files, texts);
}

const BEGIN = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/** Throws `bad_data` where a text is no list of whole certificates. */
export function checkAuthorities(file: string, text: string): void {
  const certificates = certificatesIn(text);
  if (certificates.length === 0 || certificates.length !== text.match(BEGIN)?.length)
    throw new QueryError('bad_data', `${file} holds no whole certificates in PEM format`);
  try {
    for (const certificate of certificates) void new X509Certificate(certificate);
  } catch (thrown) {
    throw new QueryError('bad_data', `${file} holds a damaged certificate: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function checkPair(files: Pem, { cert, key }: Pem): void {
  try {
    // An empty text would be taken for none.
    createSecureContext({ cert: cert || ' ', key: key || ' ' });
  } catch (thrown) {
    const problem = `${files.cert} and ${files.key} are no certificate with its key: ${messageOf(thrown)}`;
    throw new QueryError('bad_data', problem, { cause: thrown });
  }
}
