import type { Transform } from 'node:stream';
import { promisify } from 'node:util';
import {
  constants,
  createDeflate,
  createGzip,
  createZstdCompress,
  deflate,
  gzip,
  zstdCompress,
} from 'node:zlib';

/** A content coding that this server can apply. */
export type ContentEncoding = 'zstd' | 'gzip' | 'deflate';

/** In order of preference: zstd packs tighter in less time. */
const SUPPORTED: readonly ContentEncoding[] = ['zstd', 'gzip', 'deflate'];

/** Higher levels cost a multiple of the time for some percent of size. */
const ZLIB_OPTIONS = { level: 1 };
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

const [zstdAll, gzipAll, deflateAll] = [promisify(zstdCompress), promisify(gzip), promisify(deflate)];

/** The best coding that `Accept-Encoding` allows (RFC 9110 §12.5.3); undefined where that is none of ours. */
export function negotiateEncoding(accept: string | undefined): ContentEncoding | undefined {
  if (accept === undefined || accept === '') return undefined;
  const weights = new Map<string, number>();
  for (const item of accept.toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(coding, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  const anything = weights.get('*') ?? 0;
  return SUPPORTED.find((coding) => (weights.get(coding) ?? anything) > 0);
}

/** Compresses on the thread pool, not on the event loop. */
export async function compressAll(body: Uint8Array, encoding: ContentEncoding): Promise<Uint8Array> {
  switch (encoding) {
    case 'zstd':
      return zstdAll(body, ZSTD_OPTIONS);
    case 'gzip':
      return gzipAll(body, ZLIB_OPTIONS);
    case 'deflate':
      return deflateAll(body, ZLIB_OPTIONS);
  }
}

export function createCompressor(encoding: ContentEncoding): Transform {
  switch (encoding) {
    case 'zstd':
      return createZstdCompress(ZSTD_OPTIONS);
    case 'gzip':
      return createGzip(ZLIB_OPTIONS);
    case 'deflate':
      return createDeflate(ZLIB_OPTIONS);
  }
}
