import { EndpointError } from '../../../backend/endpoint-error.ts';

/**
 * The lines of a body without their ends, as they come. What follows the last end is no line: the body was cut there. Throws
 * EndpointError where a line is longer than `mostBytes`.
 */
export async function* linesOf(body: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    let from = 0;
    for (let end = part.indexOf(0x0a); end !== -1; end = part.indexOf(0x0a, from)) {
      parts.push(part.subarray(from, end));
      checkLength(length + end - from, mostBytes);
      yield Buffer.concat(parts).toString('utf8');
      parts = [];
      length = 0;
      from = end + 1;
    }
    length += part.length - from;
    checkLength(length, mostBytes);
    // The buffer of the part is used again once the next one is asked for.
    parts.push(Uint8Array.from(part.subarray(from)));
  }
}

function checkLength(length: number, mostBytes: number): void {
  if (length > mostBytes)
    throw new EndpointError(
      'too_large',
      `it sends a line of more than ${mostBytes} bytes, which no event is`,
    );
}
