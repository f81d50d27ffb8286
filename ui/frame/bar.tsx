import { hrefOf, PAGES, place, type PageName } from '../state/place.ts';
import { nextTheme, nextZone, theme, zone } from '../state/settings.ts';
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
export function Bar({ fleet, onHelp }: { readonly fleet: Loaded<Fleet>; readonly onHelp: () => void }) {
  const { page } = place.value;
  return (
    <header class="bar">
      <a class="skip" href={hrefOf(page, place.value.parameters) + '#content'}>
        Skip to the content
      </a>
      <a class="brand" href={hrefOf('query')}>
        promweave
      </a>
      <nav class="nav" aria-label="Pages">
        {PAGES.map((each) => (
          <a key={each} href={hrefOf(each)} aria-current={each === page ? 'page' : undefined}>
            {TITLES[each]}
          </a>
        ))}
      </nav>
      <Health fleet={fleet} />
      <div class="tools">
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

/** In words, always there. */
function Health({ fleet: { value, failure } }: { readonly fleet: Loaded<Fleet> }) {
  const { state, text } =
    failure !== undefined
      ? { state: 'failed', text: 'the gateway does not answer' }
      : value === undefined
        ? { state: 'whole', text: '…' }
        : healthOf(value);
  return (
    <a class="health" href={hrefOf('endpoints')} aria-live="polite">
      <span class={`state is-${state}`}>{text}</span>
    </a>
  );
}
