import { FrameSplitter } from '../../src/wire/remote-read/frame-splitter.ts';

/** The messages of frames that some bytes complete. */
export function splitFrames(bytes: Uint8Array, splitter: FrameSplitter = new FrameSplitter()): Uint8Array[] {
  const messages: Uint8Array[] = [];
  splitter.push(bytes);
  while (splitter.next()) {
    const message = splitter.bytes.subarray(splitter.from, splitter.to);
    // Of several pieces, it is of use until the next bytes come.
    messages.push(splitter.bytes === bytes ? message : Uint8Array.from(message));
  }
  return messages;
}
