import type { Remarks } from '../gateway/remarks.ts';
import type { Piece } from './chunks.ts';
import { encodeJson } from './json/json-value.ts';

/** `{"status":"success","data":<data>,"warnings":[…],"infos":[…]}`, remarks only where there are any. */
export function* encodeSuccess(data: Iterable<Piece>, remarks: Remarks): Generator<Piece> {
  yield '{"status":"success","data":';
  yield* data;
  const { warnings, infos } = remarks;
  if (warnings.length > 0) yield `,"warnings":${encodeJson(warnings)}`;
  if (infos.length > 0) yield `,"infos":${encodeJson(infos)}`;
  yield '}';
}

/** The envelope of a request that failed. */
export function encodeFailure(errorType: string, error: string): string {
  return encodeJson({ status: 'error', errorType, error });
}
