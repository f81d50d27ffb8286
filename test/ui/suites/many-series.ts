import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import type { FastifyInstance } from 'fastify';
import type { Gateway } from '../../../src/gateway/gateway.ts';
import { PageFiles } from '../../../src/http/routes/page/page-files.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import type { SampleColumns } from '../../../src/model/sample-columns.ts';
import { answerOf, listsOf, serverOver } from '../../http/support.ts';
import { openPage } from '../browsing.ts';
import { close, listen } from '../listening.ts';

const COUNT = 3000;

/** A range of many series, each with its number as its value. */
const queryRange: Gateway['queryRange'] = async (_scope, { start, end, step }) => {
  const times = Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, i) => start + i * step);
  const series = Array.from({ length: COUNT }, (_, i) => ({
    labels: labelsFromRecord({ __name__: 'many', number: String(i).padStart(5, '0') }),
    columns: constant(times, i),
  }));
  return { answer: answerOf({ kind: 'matrix', series }), queuedMs: 0 };
};

function constant(times: readonly number[], value: number): SampleColumns {
  const { length } = times;
  return {
    length,
    t: Float64Array.from(times),
    v: new Float64Array(length).fill(value),
    h: undefined,
    st: undefined,
  };
}

export function manySeriesSuite(browser: () => Browser): void {
  describe('a graph of thousands of series', () => {
    let server: FastifyInstance;
    let url: string;

    before(async () => {
      const lists = listsOf({ stores: () => new Map(), coverage: async () => ({ shards: [] }) });
      server = serverOver({ queryRange, lists }, { page: new PageFiles('dist-page') });
      url = await listen(server);
    });

    after(async () => close(server));

    it('draws some, says so, and reaches each of them', async () => {
      const { page } = await openPage(browser(), `${url}/query?g0.expr=many&g0.step_input=1m`);
      await page.getByText(/60 of 3,000 series are drawn/).waitFor();
      const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
      assert.ok(elements < 1000, `${elements} elements`);
      await page.locator('.legend .virtual').press('End');
      await page.locator('button.legend-row', { hasText: '02999' }).click();
      await page.getByRole('img', { name: 'A graph of 1 series' }).waitFor();
    });
  });
}
