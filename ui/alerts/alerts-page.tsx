import { useMemo } from 'preact/hooks';
import type { AlertJson, AlertsJson } from '../../src/http/api/rules.ts';
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
import { toNumber, valueText } from '../text/numbers.ts';
import { agoText, timeText } from '../text/time.ts';

const EVERY_MS = 15_000;
const STATES = ['firing', 'pending'];

/** Alerts that fire or wait, of all endpoints, firing ones first. */
export function AlertsPage() {
  const { value, failure } = useLoad(
    'alerts',
    async (signal) =>
      (await ask<AlertsJson>('alerts', { show_replicas: true }, { signal })).data.alerts.toSorted(
        (a, b) => Number(b.state === 'firing') - Number(a.state === 'firing'),
      ),
    EVERY_MS,
  );
  const chosen = place.value.parameters.get('state') ?? '';
  return (
    <ListDetail
      title="Alerts"
      noun="alert"
      items={useMemo(() => value?.filter(({ state }) => chosen === '' || state === chosen), [value, chosen])}
      failure={failure}
      keyOf={({ labels }) => seriesText(labels)}
      textOf={({ labels, state, replicas }) => `${seriesText(labels)} ${state} ${replicaHint(replicas)}`}
      row={({ labels, state, activeAt, replicas }) => (
        <>
          <span class="row">
            <span class="grow clip">
              <bdi>{labelValue(labels, 'alertname')}</bdi>
            </span>
            <ReplicaHint replicas={replicas} />
            <AlertState state={state} />
          </span>
          <span class="small muted clip">
            {activeAt === undefined ? '' : `${agoText(Date.parse(activeAt) / 1000)} `}
            <Labels labels={labels} without={ALERTNAME} />
          </span>
        </>
      )}
      detail={(alert) => <AlertDetail alert={alert} />}
      tools={<StateChoice known={STATES} states={value?.map(({ state }) => state)} chosen={chosen} />}
      empty={
        <p>{chosen === '' ? 'No alert fires or waits on any endpoint.' : 'No alert is in that state.'}</p>
      }
    />
  );
}

const ALERTNAME: ReadonlySet<string> = new Set(['alertname']);

function AlertState({ state }: { readonly state: string }) {
  return (
    <StateWord
      state={state === 'firing' ? 'failed' : state === 'inactive' ? 'whole' : 'missing'}
      word={state}
    />
  );
}

function AlertDetail({
  alert: { labels, annotations, state, activeAt, value, replicas },
}: {
  readonly alert: AlertJson;
}) {
  return (
    <div class="stack">
      <h2 class="breaks">
        <bdi>{labelValue(labels, 'alertname')}</bdi>
      </h2>
      <ReplicaWords replicas={replicas} wordsOf={(one) => <AlertState state={one.state} />} />
      <Facts
        facts={[
          ['State', <AlertState key="state" state={state} />],
          ['Since', activeAt === undefined ? '' : timeText(Date.parse(activeAt) / 1000)],
          ['Value', value === undefined ? '' : valueText(toNumber(value))],
          ['Labels', <Labels key="labels" labels={labels} />],
          ...Object.entries(annotations),
        ]}
      />
    </div>
  );
}
