/**
 * Moves the decimal point of a decimal number text by `places` to the right and reads the result. Going through the
 * text keeps the digits: seconds to milliseconds and back gives the same number, which × 1000 / 1000 does not.
 */
export function shiftDecimal(text: string, places: number): number {
  const [digits, exponent = '0'] = text.toLowerCase().split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}
