import type { ActiveQueriesJson } from '../../src/http/api/queries.ts';
import type { BuildJson, FeaturesJson, RuntimeJson } from '../../src/http/api/status.ts';
import { ask } from '../api/ask.ts';
import { Facts } from '../parts/facts.tsx';
import { Features } from './features.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { ScrollX } from '../parts/scroll-x.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { hrefOf } from '../state/place.ts';
import { useLoad } from '../state/use-load.ts';
import { bytesText, countText } from '../text/numbers.ts';
import { agoText, timeText } from '../text/time.ts';

/** What this gateway is, since when, and with which settings. */
export function StatusPage() {
  const { value, failure } = useLoad('status', async (signal) => {
    const [build, runtime, flags, config, features, running] = await Promise.all([
      ask<BuildJson>('status/buildinfo', {}, { signal }),
      ask<RuntimeJson>('status/runtimeinfo', {}, { signal }),
      ask<Readonly<Record<string, string>>>('status/flags', {}, { signal }),
      ask<{ readonly yaml: string }>('status/config', {}, { signal }),
      ask<FeaturesJson>('features', {}, { signal }),
      ask<ActiveQueriesJson>('status/active_queries', {}, { signal }),
    ]);
    return {
      build: build.data,
      runtime: runtime.data,
      flags: flags.data,
      yaml: config.data.yaml,
      features: features.data,
      running: running.data.queries.length,
    };
  });
  return (
    <div class="stack">
      <h1>Status</h1>
      {failure !== undefined && <FailureNotice failure={failure} />}
      {value !== undefined && (
        <>
          <section class="card section">
            <Facts facts={factsOf(value.build, value.runtime, value.running)} />
          </section>
          <section class="card section">
            <h2>Configuration in force</h2>
            <pre class="plan">{value.yaml}</pre>
          </section>
          <section class="card section">
            <h2>What clients may ask for</h2>
            <Features features={value.features} />
          </section>
          <section class="card section">
            <h2>Settings</h2>
            <ScrollX label="Settings">
              <table class="wide stacks">
                <tbody>
                  {Object.entries(value.flags).map(([name, text]) => (
                    <tr key={name}>
                      <th scope="row" class="mono">
                        {name}
                      </th>
                      <td class="mono small breaks">{text}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </ScrollX>
          </section>
        </>
      )}
    </div>
  );
}

function factsOf(build: BuildJson, runtime: RuntimeJson, running: number) {
  const started = Date.parse(runtime.startTime) / 1000;
  const skew = Date.parse(runtime.serverTime) / 1000 - Date.now() / 1000;
  return [
    ['Program', `${build.revision}, with the API of Prometheus ${build.version}`],
    ['Node', build.nodeVersion],
    ['Host', runtime.hostname],
    ['Started', `${timeText(started)} (${agoText(started)})`],
    ['Memory', bytesText(runtime.residentMemoryBytes)],
    [
      'Queries that run',
      <a key="queries" href={hrefOf('queries')}>
        {countText(running)}
      </a>,
    ],
    ['Clock', Math.abs(skew) < 5 ? 'as here' : `${Math.round(skew)} s ahead of this browser`],
    [
      'Configuration',
      <span key="configuration">
        number {runtime.configGeneration}, read at {timeText(Date.parse(runtime.lastConfigTime) / 1000)}{' '}
        {!runtime.reloadConfigSuccess && <StateWord state="failed" word="the newest file cannot be used" />}
      </span>,
    ],
  ] as const;
}
