import { useEffect, useRef } from 'preact/hooks';
import { hrefOf, lastParameters, PAGES, place, type PageName } from '../state/place.ts';
import { nextTheme, nextZone, tenant, theme, zone } from '../state/settings.ts';
import type { Failure } from '../api/ask.ts';
import type { Fleet } from '../state/fleet.ts';
import { healthOf } from '../state/fleet.ts';
import type { Loaded } from '../state/use-load.ts';

const TITLES: Readonly<Record<PageName, string>> = {
  query: 'Query',
  explore: 'Explore',
  endpoints: 'Endpoints',
  rules: 'Rules',
  alerts: 'Alerts',
  targets: 'Targets',
  queries: 'Queries',
  status: 'Status',
};

const THEME_WORDS = { system: 'Auto', light: 'Light', dark: 'Dark' } as const;

/** The one bar: where to go, and how the whole fares. */
export function Bar({
  fleet,
  onHelp,
  onTenant,
}: {
  readonly fleet: Loaded<Fleet>;
  readonly onHelp: () => void;
  readonly onTenant: () => void;
}) {
  const { page } = place.value;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // A narrow window does not have room for all of them.
    nav.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [page]);
  return (
    <header class="bar">
      <a class="skip" href={hrefOf(page, place.value.parameters) + '#content'}>
        Skip to the content
      </a>
      <a class="brand" href={hrefOf('query')}>
        promweave
      </a>
      <nav class="nav" aria-label="Pages" ref={nav}>
        {PAGES.map((each) => (
          <a
            key={each}
            href={hrefOf(each, lastParameters(each))}
            aria-current={each === page ? 'page' : undefined}
          >
            {TITLES[each]}
          </a>
        ))}
      </nav>
      <Health fleet={fleet} />
      <div class="tools">
        {(tenant.value !== undefined || isRefusal(fleet.failure)) && (
          <button class="plain tenant-button" title="As which tenant this page asks" onClick={onTenant}>
            Tenant <bdi>{tenant.value?.name}</bdi>
          </button>
        )}
        <button class="plain" title="Times are shown in this zone" onClick={nextZone}>
          {zone.value === 'utc' ? 'UTC' : 'Local time'}
        </button>
        <button class="plain" title="Colours: as the system has them, light, or dark" onClick={nextTheme}>
          {THEME_WORDS[theme.value]}
        </button>
        <button class="plain" title="Keys" aria-label="Keys" onClick={onHelp}>
          ?
        </button>
      </div>
    </header>
  );
}

/** Whether the gateway answered, and tells this caller no more. */
function isRefusal(failure: Failure | undefined): boolean {
  return failure?.kind === 'unauthorized' || failure?.kind === 'forbidden';
}

/** In words, always there. */
function Health({ fleet: { value, failure } }: { readonly fleet: Loaded<Fleet> }) {
  const { state, text } = isRefusal(failure)
    ? { state: 'whole', text: failure?.kind === 'unauthorized' ? 'no tenant is named' : 'health is not told' }
    : failure?.kind === 'not_found'
      ? { state: 'whole', text: 'health is told at the admin address' }
      : failure !== undefined
        ? {
            state: 'failed',
            text: failure.kind === 'unreachable' ? 'the gateway does not answer' : 'health is not known',
          }
        : value === undefined
          ? { state: 'whole', text: '…' }
          : healthOf(value);
  return (
    <a class="health" href={hrefOf('endpoints')} aria-live="polite">
      <span class={`state is-${state}`}>{text}</span>
    </a>
  );
}
