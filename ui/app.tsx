import { useEffect, useState } from 'preact/hooks';
import { Bar } from './frame/bar.tsx';
import { followKeys, KeysDialog } from './frame/keys.tsx';
import { later } from './parts/later.tsx';
import { QueryPage } from './query/query-page.tsx';
import { place } from './state/place.ts';
import type { Fleet } from './state/fleet.ts';
import { useFleet } from './state/use-fleet.ts';
import type { Loaded } from './state/use-load.ts';

const EndpointsPage = later(async () => (await import('./endpoints/endpoints-page.tsx')).EndpointsPage);
const ExplorePage = later(async () => (await import('./explore/explore-page.tsx')).ExplorePage);
const RulesPage = later(async () => (await import('./rules/rules-page.tsx')).RulesPage);
const AlertsPage = later(async () => (await import('./alerts/alerts-page.tsx')).AlertsPage);
const TargetsPage = later(async () => (await import('./targets/targets-page.tsx')).TargetsPage);
const QueriesPage = later(async () => (await import('./queries/queries-page.tsx')).QueriesPage);
const TenantDialog = later(async () => (await import('./frame/tenant-dialog.tsx')).TenantDialog);
const StatusPage = later(async () => (await import('./status/status-page.tsx')).StatusPage);

export function App() {
  const fleet = useFleet();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isTenantOpen, setTenantOpen] = useState(false);
  useEffect(() => followKeys(() => setHelpOpen(true)), []);
  return (
    <>
      <Bar fleet={fleet} onHelp={() => setHelpOpen(true)} onTenant={() => setTenantOpen(true)} />
      <main class="content" id="content" tabIndex={-1}>
        <Shown fleet={fleet} />
      </main>
      <KeysDialog isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
      {isTenantOpen && <TenantDialog onClose={() => setTenantOpen(false)} />}
    </>
  );
}

function Shown({ fleet }: { readonly fleet: Loaded<Fleet> }) {
  switch (place.value.page) {
    case 'endpoints':
      return <EndpointsPage fleet={fleet} />;
    case 'explore':
      return <ExplorePage fleet={fleet.value} />;
    case 'rules':
      return <RulesPage />;
    case 'alerts':
      return <AlertsPage />;
    case 'targets':
      return <TargetsPage />;
    case 'queries':
      return <QueriesPage />;
    case 'status':
      return <StatusPage />;
    case 'query':
      return <QueryPage fleet={fleet.value} />;
  }
}
