/**
 * Which flag lets others write series to a Prometheus: its receivers of remote write and of OTLP, which were features before they had
 * flags. Any other flag whose name speaks of a receiver counts as well, so that one that is still to come is not overlooked.
 * @param flags as `/api/v1/status/flags` has them.
 */
export function receiverOf(flags: Readonly<Record<string, string>>): string | undefined {
  // Where these are not there, they are not those of a Prometheus that is known.
  if (flags['enable-feature'] === undefined) return 'it does not tell its flags';
  for (const [name, value] of Object.entries(flags)) {
    const isOn = name.includes('receiver')
      ? value === 'true'
      : name === 'enable-feature' && value.includes('receiver');
    if (isOn) return `its flag --${name} lets others write to it`;
  }
  return undefined;
}
