/** What stands before a field: its number and its wire type. */
export function tag(field: number, wireType: number): number {
  return (field << 3) | wireType;
}
