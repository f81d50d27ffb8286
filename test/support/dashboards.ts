import { readFileSync } from 'node:fs';

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

/** The queries of all panels of a dashboard of Grafana, with this duration where Grafana fills in `$__rate_interval`. */
export function dashboardQueries(file: string, rateInterval: string): readonly string[] {
  const { panels } = JSON.parse(readFileSync(file, 'utf8')) as Dashboard;
  return panels.flatMap(({ targets }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', rateInterval)),
  );
}
