/** Messages are bytes for gRPC; what they mean is read and written elsewhere. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export function asIs(bytes: Buffer): Buffer {
  return bytes;
}
