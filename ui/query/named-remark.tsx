import { computed } from '@preact/signals';
import { namesOf } from '../state/endpoint-names.ts';
import { knownFleet } from '../state/fleet.ts';
import { shortTimeText } from '../text/short-time.ts';
import { timeText } from '../text/time.ts';
import { remarkParts } from './remark-parts.ts';

const names = computed(() => (knownFleet.value === undefined ? new Map() : namesOf(knownFleet.value)));

/** A sentence of the API, with endpoints and times as elsewhere on the page. */
export function NamedRemark({ text }: { readonly text: string }) {
  return (
    <>
      {remarkParts(text, names.value, timeText).map((part) =>
        typeof part === 'string' ? (
          part
        ) : (
          <>
            <bdi title={part.id}>{part.name}</bdi>
            {part.downSince !== undefined && ` (down since ${shortTimeText(part.downSince)})`}
          </>
        ),
      )}
    </>
  );
}
