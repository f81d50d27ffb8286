import { isAlphaNumeric } from './characters.ts';
import type { Cursor } from './cursor.ts';

const DECIMAL = '0123456789';
const HEXADECIMAL = '0123456789abcdefABCDEF';

/**
 * Steps over a number, a duration, or what looks like one. The parts are only checked for shape; their values
 * are read later. Where the result is undefined, the cursor stands behind the character that does not fit.
 */
export function scanNumberOrDuration(cursor: Cursor): 'number' | 'duration' | undefined {
  if (scanNumber(cursor)) return 'number';
  return scanRestOfDuration(cursor) ? 'duration' : undefined;
}

function scanNumber(cursor: Cursor): boolean {
  const start = cursor.position;
  const isHex = cursor.accept('0') && cursor.accept('xX');
  if (isHex) cursor.accept('_');
  const digits = isHex ? HEXADECIMAL : DECIMAL;
  cursor.accept('.');
  cursor.accept(digits);
  let sawDot = false;
  let sawExponent = false;
  while (cursor.sees(`${digits}._eE`)) {
    if ((sawDot && cursor.accept('.')) || (sawExponent && cursor.accept('eE'))) return false;
    if (cursor.accept('.')) {
      sawDot = true;
      if (cursor.accept('_.') || isHex) return false;
    } else if (cursor.accept('eE')) {
      sawExponent = true;
      cursor.accept('+-');
      if (cursor.accept('._eE') || cursor.atEnd) return false;
    } else if (cursor.accept('_')) {
      if (cursor.accept('._eE') || cursor.atEnd) return false;
    } else {
      cursor.acceptRun(digits);
    }
  }
  return cursor.position > start && !isAlphaNumeric(cursor.peek());
}

/** The number in front of the first unit has been read already. Units that do not exist (`hs`) are found later. */
function scanRestOfDuration(cursor: Cursor): boolean {
  if (!cursor.accept('smhdwy')) return false;
  cursor.accept('s');
  while (cursor.accept(DECIMAL)) {
    cursor.acceptRun(DECIMAL);
    if (!cursor.accept('smhdw')) return false;
    cursor.accept('s');
  }
  if (!isAlphaNumeric(cursor.peek())) return true;
  cursor.next();
  return false;
}
