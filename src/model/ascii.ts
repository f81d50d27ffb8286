const PRINTABLE = /^[\x20-\x7e]*$/;

/** Whether a text is one line of printable ASCII: what a header can carry over HTTP as over gRPC. */
export function isPrintableAscii(text: string): boolean {
  return PRINTABLE.test(text);
}
