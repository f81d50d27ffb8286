import { EndpointError } from '../../../backend/endpoint-error.ts';
import { OpenBytes } from '../../../wire/open-bytes.ts';

/**
 * The lines of a body without their ends, as they come. What follows the last end is no line: the body was cut there. Throws
 * EndpointError where a line is longer than `mostBytes`.
 */
export async function* linesOf(body: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<string> {
  const open = new OpenBytes();
  const keep = (piece: Uint8Array): void => {
    checkLength(open.length + piece.length, mostBytes);
    open.push(piece);
  };
  for await (const part of body) {
    let from = 0;
    for (let end = part.indexOf(0x0a); end !== -1; end = part.indexOf(0x0a, from)) {
      keep(part.subarray(from, end));
      from = end + 1;
      yield open.close().toString('utf8');
    }
    keep(part.subarray(from));
  }
}

function checkLength(length: number, mostBytes: number): void {
  if (length > mostBytes)
    throw new EndpointError(
      'too_large',
      `it sends a line of more than ${mostBytes} bytes, which no event is`,
    );
}
