import { useMemo } from 'preact/hooks';
import type { ActiveTargetJson, TargetsJson } from '../../src/http/api/targets.ts';
import { ask } from '../api/ask.ts';
import { Facts } from '../parts/facts.tsx';
import { Labels } from '../parts/labels.tsx';
import { ListDetail } from '../parts/list-detail.tsx';
import { ReplicaHint, replicaHint, ReplicaWords } from '../parts/replica-words.tsx';
import { StateChoice } from '../parts/state-choice.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { place } from '../state/place.ts';
import { useLoad } from '../state/use-load.ts';
import { labelValue, seriesText } from '../text/labels.ts';
import { millisecondsText } from '../text/numbers.ts';
import { agoText } from '../text/time.ts';

const EVERY_MS = 30_000;
const STATES = ['up', 'down', 'unknown'];

/** Targets of all endpoints, those that cannot be scraped first. */
export function TargetsPage() {
  const { value, failure } = useLoad(
    'targets',
    async (signal) =>
      (
        await ask<TargetsJson>('targets', { state: 'active', show_replicas: true }, { signal })
      ).data.activeTargets.toSorted((a, b) => Number(b.health !== 'up') - Number(a.health !== 'up')),
    EVERY_MS,
  );
  const state = place.value.parameters.get('state') ?? '';
  return (
    <ListDetail
      title="Targets"
      noun="target"
      items={useMemo(() => value?.filter(({ health }) => state === '' || health === state), [value, state])}
      failure={failure}
      keyOf={({ scrapePool, scrapeUrl, labels }) => `${scrapePool} ${scrapeUrl} ${seriesText(labels)}`}
      textOf={({ labels, scrapeUrl, health, replicas }) =>
        `${seriesText(labels)} ${scrapeUrl} ${health} ${replicaHint(replicas)}`
      }
      row={({ labels, health, scrapePool, replicas }) => (
        <>
          <span class="row">
            <span class="grow clip mono small">
              <bdi>{labelValue(labels, 'instance')}</bdi>
            </span>
            <ReplicaHint replicas={replicas} />
            <TargetHealth health={health} />
          </span>
          <span class="small muted clip">{scrapePool}</span>
        </>
      )}
      detail={(target) => <TargetDetail target={target} />}
      tools={<StateChoice known={STATES} states={value?.map(({ health }) => health)} chosen={state} />}
      empty={
        <p>
          {state === ''
            ? 'No endpoint tells of targets. Prometheus servers and Thanos sidecars do.'
            : 'No target is in that state.'}
        </p>
      }
    />
  );
}

function TargetHealth({ health }: { readonly health: string }) {
  return (
    <StateWord state={health === 'up' ? 'good' : health === 'down' ? 'failed' : 'missing'} word={health} />
  );
}

function TargetDetail({ target }: { readonly target: ActiveTargetJson }) {
  const { labels, discoveredLabels, health, lastError, scrapeUrl, scrapePool } = target;
  return (
    <div class="stack">
      <h2 class="breaks mono">
        <bdi>{scrapeUrl}</bdi>
      </h2>
      <ReplicaWords
        replicas={target.replicas}
        wordsOf={(one) => (
          <>
            <TargetHealth health={one.health} /> {agoText(Date.parse(one.lastScrape) / 1000)}{' '}
            <bdi>{one.lastError}</bdi>
          </>
        )}
      />
      <Facts
        facts={[
          ['Health', <TargetHealth key="health" health={health} />],
          ['Error', lastError],
          ['Scraped', agoText(Date.parse(target.lastScrape) / 1000)],
          ['It took', millisecondsText(target.lastScrapeDuration)],
          ['Every', `${target.scrapeInterval}, for ${target.scrapeTimeout} at most`],
          ['Pool', scrapePool],
          ['Labels', <Labels key="labels" labels={labels} />],
          ['Discovered', <Labels key="discovered" labels={discoveredLabels} />],
        ]}
      />
    </div>
  );
}
