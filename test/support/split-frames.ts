import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';

/** The messages of frames that some bytes complete. */
export function splitFrames(bytes: Uint8Array, splitter: FrameSplitter = new FrameSplitter()): Uint8Array[] {
  const messages: Uint8Array[] = [];
  splitter.push(bytes);
  while (splitter.next()) messages.push(splitter.bytes.subarray(splitter.from, splitter.to));
  return messages;
}
