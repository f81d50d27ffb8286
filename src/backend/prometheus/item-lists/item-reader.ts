/** Takes the items of a JSON list, in parts as they arrive. */
export interface ItemReader {
  /** Memory that what was read takes. */
  readonly bytes: number;
  /**
   * Passes items from `start` on, up to the end of the list or of the part, and returns where it stopped.
   * @param before bytes of the answer before this part, for messages.
   * @throws EndpointError where the list is no JSON, or holds other items.
   */
  push(part: Uint8Array, start: number, before: number): number;
  /** Whether the end of the list has come. */
  readonly isAtEnd: boolean;
}

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
export const SPACE = 0x20;
export const FIRST_BEYOND_ASCII = 0x80;

/** Where the reader of a list is: where an item or the end may come, where an item must come, behind an item, inside of one, or at the end. */
export type Place = 'first' | 'item' | 'behind' | 'inside' | 'end';
