/** What every call under `/api/v1` answers with, whatever its data. */
export type EnvelopeJson<T> =
  | {
      readonly status: 'success';
      readonly data: T;
      readonly warnings?: readonly string[];
      readonly infos?: readonly string[];
    }
  | { readonly status: 'error'; readonly errorType: string; readonly error: string };

/** Labels by name. */
export type LabelsJson = Readonly<Record<string, string>>;
