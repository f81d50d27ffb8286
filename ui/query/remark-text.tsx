import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';

interface Props {
  readonly text: string;
}

const named = signal<{ readonly Remark: ComponentType<Props> }>();

/** A sentence of the API: as it came, until that is there which tells its endpoints and times as the page does. */
export function RemarkText({ text }: Props) {
  useEffect(() => void load(), []);
  return named.value === undefined ? text : <named.value.Remark text={text} />;
}

async function load(): Promise<void> {
  try {
    named.value ??= { Remark: (await import('./named-remark.tsx')).NamedRemark };
  } catch {
    // The sentence stays as it came.
  }
}
