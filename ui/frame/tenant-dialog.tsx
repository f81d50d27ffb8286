import { useEffect, useRef, useState } from 'preact/hooks';
import { canBeSent, keepTenant, tenant, type TenantHeader } from '../state/settings.ts';

/** Where gateways look for the tenant that say nothing else. */
const USUAL_HEADER = 'THANOS-TENANT';

/** As whom the page asks. All that is shown is loaded again, so nothing of another tenant stays. */
export function TenantDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [draft, setDraft] = useState<TenantHeader>(tenant.value ?? { header: USUAL_HEADER, name: '' });
  useEffect(() => dialog.current?.showModal(), []);
  const isWrong = draft.name !== '' && !canBeSent(draft);
  const take = (event: Event): void => {
    event.preventDefault();
    if (isWrong) return;
    keepTenant(draft.name === '' ? undefined : draft);
    window.location.reload();
  };
  return (
    <dialog ref={dialog} onClose={onClose} aria-labelledby="tenant-title">
      <form class="stack" onSubmit={take}>
        <h2 id="tenant-title">Tenant</h2>
        <p class="small muted">
          This page sends the name in the header with each call. The browser keeps both. A proxy that sets the
          header itself overrules it. With no name the header is not sent.
        </p>
        <label class="tenant-field small">
          Header
          <input
            class="input"
            value={draft.header}
            aria-invalid={isWrong}
            onInput={(event) => setDraft({ ...draft, header: event.currentTarget.value.trim() })}
          />
        </label>
        <label class="tenant-field small">
          Name
          <input
            class="input"
            value={draft.name}
            aria-invalid={isWrong}
            onInput={(event) => setDraft({ ...draft, name: event.currentTarget.value.trim() })}
          />
        </label>
        {isWrong && (
          <p class="small is-failed" role="alert">
            This cannot be sent as a header. Use letters, digits and hyphens for the header, and no line
            breaks in the name.
          </p>
        )}
        <div class="row">
          <button class="primary" type="submit" disabled={isWrong}>
            Ask as this tenant
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </form>
    </dialog>
  );
}
