import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { crc32c } from '../../../wire/crc32c.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * What stands in front of a value: magic, version, bytes of the contents, and a checksum over these, the name and the packed contents: a
 * uint32 each, in the order of bytes of the machine that wrote it. So a machine of the other order finds no magic. Then the digest of the name.
 */
const HEAD_BYTES = 16;
const NAME_BYTES = 32;
const MAGIC = 0x63_72_77_70;
/** Any change of what is written makes another one, so that gateways of several versions can share a server. */
const VERSION = 1;
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Contents, packed, with what it takes to find out whether they are whole and the ones that were asked for. */
export async function sealed(name: Buffer, contents: Uint8Array): Promise<Uint8Array> {
  const packed = await compress(contents, FASTEST);
  const value = Buffer.concat([Buffer.alloc(HEAD_BYTES), name, packed]);
  const head = new Uint32Array([MAGIC, VERSION, contents.length, 0]);
  head[3] = checksum(head, value);
  value.set(new Uint8Array(head.buffer));
  return value;
}

/** How many bytes a value says that its contents have; undefined where it is none, or is damaged, or belongs to another name. */
export function sizeInside(name: Buffer, value: Uint8Array): number | undefined {
  if (value.length < HEAD_BYTES + NAME_BYTES) return undefined;
  const head = headOf(value);
  if (head[0] !== MAGIC || head[1] !== VERSION || head[3] !== checksum(head, value)) return undefined;
  return name.equals(value.subarray(HEAD_BYTES, HEAD_BYTES + NAME_BYTES)) ? head[2] : undefined;
}

/** The contents of a value that {@link sizeInside} was asked about. Rejects where they are not as long as that says. */
export async function opened(value: Uint8Array): Promise<Uint8Array> {
  const size = headOf(value)[2]!;
  const contents = await decompress(value.subarray(HEAD_BYTES + NAME_BYTES), { maxOutputLength: size || 1 });
  if (contents.length !== size) throw new Error('the contents are shorter than was told');
  return contents;
}

function headOf(value: Uint8Array): Uint32Array {
  return new Uint32Array(Uint8Array.from(value.subarray(0, HEAD_BYTES)).buffer);
}

function checksum(head: Uint32Array, value: Uint8Array): number {
  return crc32c(value, HEAD_BYTES, value.length, crc32c(new Uint8Array(head.buffer, 0, 12)));
}
