/** Whether a string may name a label: any text but the empty one (UTF-8 names, Prometheus 3). */
export function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}
