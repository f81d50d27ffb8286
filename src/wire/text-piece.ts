/** Length of a piece of text, in characters, that is worth handing on. */
export const TEXT_PIECE = 8192;
