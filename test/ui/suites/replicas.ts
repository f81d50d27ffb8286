import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { RulesJson } from '../../../src/http/api/rules.ts';
import type { TargetsJson } from '../../../src/http/api/targets.ts';
import { openPage, overflow, seriousViolations, type Answers } from '../browsing.ts';
import { pageAlone } from '../listening.ts';
import { NO_FLEET, ruleWith } from './long-answers.ts';

const [A, B] = ['a', 'b'].map((replica) => ({
  endpoint: `http://prometheus-${replica}:9090`,
  labels: { replica },
})) as [{ endpoint: string; labels: { replica: string } }, { endpoint: string; labels: { replica: string } }];

const ALERT = {
  labels: { alertname: 'Many', instance: 'x' },
  annotations: {},
  state: 'firing',
  value: '1',
  replicas: [
    { ...A, state: 'firing' },
    { ...B, state: 'inactive' },
  ],
};

function rules(): RulesJson {
  const [group] = ruleWith(1).groups;
  const [rule] = group!.rules;
  const replicas = [
    { ...A, state: 'firing', health: 'ok', activeAlerts: 1 },
    {
      ...B,
      state: 'inactive',
      health: 'err',
      lastError: 'many-to-many matching not allowed',
      activeAlerts: 0,
    },
  ];
  return {
    groups: [{ ...group!, rules: [{ ...rule!, type: 'alerting', alerts: [ALERT], replicas } as never] }],
  };
}

const TARGETS: TargetsJson = {
  activeTargets: [
    {
      discoveredLabels: {},
      labels: { instance: 'x:1', job: 'node' },
      scrapePool: 'node',
      scrapeUrl: 'http://x:1/metrics',
      globalUrl: 'http://x:1/metrics',
      lastError: '',
      lastScrape: '2026-11-22T12:00:00Z',
      lastScrapeDuration: 0.1,
      health: 'up',
      scrapeInterval: '15s',
      scrapeTimeout: '10s',
      replicas: [
        { ...A, health: 'up', lastError: '', lastScrape: '2026-11-22T12:00:00Z' },
        { ...B, health: 'down', lastError: 'connection refused', lastScrape: '2026-11-22T12:00:00Z' },
      ],
    },
  ],
  droppedTargets: [],
  droppedTargetCounts: null,
};

export function replicasSuite(browser: () => Browser): void {
  describe('what replicas say where they differ', () => {
    const url = pageAlone();

    const answers: Answers = {
      ...NO_FLEET,
      rules: { data: rules() },
      alerts: { data: { alerts: [ALERT] } },
      targets: { data: TARGETS },
    };

    for (const [path, ...says] of [
      [
        'rules',
        /a http:\/\/prometheus-a:9090 firing\s+1 alert/,
        /b .* inactive\s+error\s+many-to-many matching/,
      ],
      ['alerts', /a http:\/\/prometheus-a:9090 firing/, /b http:\/\/prometheus-b:9090 inactive/],
      ['targets', /a http:\/\/prometheus-a:9090 up/, /b http:\/\/prometheus-b:9090 down .*refused/],
    ] as const)
      it(`is folded in ${path}, and found by the search`, async () => {
        const viewport = { width: 360, height: 800 };
        const { page, problems } = await openPage(
          browser(),
          `${url()}/${path}?search=differ`,
          { viewport },
          answers,
        );
        const [call] = await Promise.all([page.waitForRequest(/show_replicas=true/), page.reload()]);
        assert.ok(call.url().includes(`/api/v1/${path}?`), call.url());
        await page.locator('.pane-row', { hasText: 'replicas differ' }).waitFor();
        const words = page.locator('.replica-words').first();
        await words.locator('summary', { hasText: 'Replicas differ' }).waitFor();
        assert.equal(await words.locator('li').first().isVisible(), false);
        await words.locator('summary').click();
        for (const said of says) await words.locator('li', { hasText: said }).waitFor();
        assert.ok((await overflow(page)) <= 0);
        assert.deepEqual(await seriousViolations(page), []);
        assert.deepEqual(problems, []);
      });
  });
}
