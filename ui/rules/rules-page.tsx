import { useMemo } from 'preact/hooks';
import type {
  AlertJson,
  ReplicaRuleJson,
  RuleGroupJson,
  RuleJson,
  RulesJson,
} from '../../src/http/api/rules.ts';
import { ask } from '../api/ask.ts';
import { Facts } from '../parts/facts.tsx';
import { Labels } from '../parts/labels.tsx';
import { ListDetail } from '../parts/list-detail.tsx';
import { QueryText } from '../parts/query-text.tsx';
import { ReplicaHint, replicaHint, ReplicaWords } from '../parts/replica-words.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { useLoad } from '../state/use-load.ts';
import { seriesText, valuesText } from '../text/labels.ts';
import { millisecondsText, plural, toNumber, valueText } from '../text/numbers.ts';
import { agoText, durationText } from '../text/time.ts';

const EVERY_MS = 30_000;
const MOST_ALERTS = 100;

interface Listed {
  readonly rule: RuleJson;
  readonly group: RuleGroupJson;
  readonly key: string;
}

/** Rules of all endpoints, those that fail or fire first. */
export function RulesPage() {
  const { value, failure } = useLoad(
    'rules',
    async (signal) => (await ask<RulesJson>('rules', { show_replicas: true }, { signal })).data.groups,
    EVERY_MS,
  );
  const rules = useMemo(
    () =>
      value
        ?.flatMap((group) =>
          group.rules.map((rule, i): Listed => ({ rule, group, key: `${group.file}|${group.name}|${i}` })),
        )
        .toSorted((a, b) => urgency(b.rule) - urgency(a.rule)),
    [value],
  );
  return (
    <ListDetail
      title="Rules"
      noun="rule"
      items={rules}
      failure={failure}
      keyOf={({ key }) => key}
      textOf={({ rule, group }) =>
        `${rule.name} ${group.name} ${group.file} ${seriesText(rule.labels)} ${rule.query} ${stateWord(rule)} ${replicaHint(differencesOf(rule))}`
      }
      row={({ rule, group }) => (
        <>
          <span class="row">
            <span class="grow clip">
              <bdi>{rule.name}</bdi>
            </span>
            <ReplicaHint replicas={differencesOf(rule)} />
            <RuleState rule={rule} />
          </span>
          <span class="small muted clip">
            {group.name}
            {Object.keys(rule.labels).length > 0 && ` · ${valuesText(rule.labels).slice(0, 200)}`}
          </span>
        </>
      )}
      detail={({ rule, group }) => <RuleDetail rule={rule} group={group} />}
      empty={
        <p>
          No endpoint has rules. A rule file of a Prometheus, or a Thanos Ruler as an endpoint, would show
          here.
        </p>
      }
    />
  );
}

function urgency(rule: RuleJson): number {
  if (rule.health === 'err') return 3;
  if (rule.type === 'recording') return 0;
  return rule.state === 'firing' ? 2 : Number(rule.state === 'pending');
}

/** Where replicas differ about the rule, or about one of its alerts. */
function differencesOf(rule: RuleJson): readonly unknown[] | undefined {
  if (rule.replicas !== undefined || rule.type === 'recording') return rule.replicas;
  return rule.alerts?.find(({ replicas }) => replicas !== undefined)?.replicas;
}

function RuleState({ rule }: { readonly rule: RuleJson }) {
  return <RuleWord word={stateWord(rule)} />;
}

function RuleWord({ word }: { readonly word: string }) {
  const states: Readonly<Record<string, string>> = { error: 'failed', firing: 'failed', pending: 'missing' };
  return <StateWord state={Object.hasOwn(states, word) ? states[word]! : 'whole'} word={word} />;
}

function stateWord(rule: RuleJson): string {
  if (rule.health === 'err') return 'error';
  return rule.type === 'recording' ? 'recording' : rule.state;
}

function ReplicaRule({ replica }: { readonly replica: ReplicaRuleJson }) {
  const { state, health, lastError, activeAlerts } = replica;
  return (
    <>
      {state !== undefined && <RuleWord word={state} />}{' '}
      {activeAlerts !== undefined && activeAlerts > 0 && plural(activeAlerts, 'alert')}{' '}
      {(state === undefined || health !== 'ok') && <RuleWord word={health === 'err' ? 'error' : health} />}
      {lastError !== undefined && <bdi> {lastError}</bdi>}
    </>
  );
}

function RuleDetail({ rule, group }: Omit<Listed, 'key'>) {
  return (
    <div class="stack">
      <h2 class="breaks">
        <bdi>{rule.name}</bdi>
      </h2>
      <ReplicaWords replicas={rule.replicas} wordsOf={(one) => <ReplicaRule replica={one} />} />
      <QueryText query={rule.query} />
      <Facts
        facts={[
          ['State', <RuleState key="state" rule={rule} />],
          ['Error', rule.lastError ?? ''],
          ['Group', group.name],
          ['File', group.file],
          ['Every', durationText(group.interval)],
          ['For', rule.type === 'alerting' && rule.duration > 0 ? durationText(rule.duration) : ''],
          ['Evaluated', agoText(Date.parse(rule.lastEvaluation) / 1000)],
          ['It took', millisecondsText(rule.evaluationTime)],
          ['Labels', <Labels key="labels" labels={rule.labels} />],
          ...(rule.type === 'alerting' ? Object.entries(rule.annotations) : []),
        ]}
      />
      {rule.type === 'alerting' && (rule.alerts ?? []).length > 0 && (
        <ul class="stack-4">
          {shownAlerts(rule.alerts!).map((alert) => (
            <li key={seriesText(alert.labels)} class="small">
              <StateWord state={alert.state === 'firing' ? 'failed' : 'missing'} word={alert.state} />{' '}
              <Labels labels={alert.labels} /> {valueText(toNumber(alert.value))}
              <ReplicaWords replicas={alert.replicas} wordsOf={({ state }) => <RuleWord word={state} />} />
            </li>
          ))}
          {rule.alerts!.length > MOST_ALERTS && (
            <li class="small muted">{rule.alerts!.length - MOST_ALERTS} more are not shown.</li>
          )}
        </ul>
      )}
    </div>
  );
}

/** Those of which replicas say different things come first. */
function shownAlerts(alerts: readonly AlertJson[]): readonly AlertJson[] {
  const differs = ({ replicas }: AlertJson): number => Number(replicas !== undefined);
  return alerts.toSorted((a, b) => differs(b) - differs(a)).slice(0, MOST_ALERTS);
}
