import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SampleColumns } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { cellsOver, timelinesOf } from '../../../src/select/explaining/explain-timeline.ts';
import { columnsOf } from '../support.ts';

/** Samples every so many seconds in [from, to), but for stretches [from, to) that are missed. */
function scraped(
  every: number,
  [from, to]: readonly [number, number],
  ...missed: readonly (readonly [number, number])[]
): SampleColumns {
  const times = Array.from({ length: Math.ceil((to - from) / every) }, (_, i) => from + i * every);
  const taken = times.filter((at) => !missed.some(([first, end]) => at >= first && at < end));
  return columnsOf(taken.map((at) => [1000 * at, at] as const));
}

/** The timeline over [0, to] s of a replica from which all of the answer comes. */
function alone(columns: SampleColumns, to: number): string {
  const sources = { origins: new Int32Array(columns.length), fillings: new Uint8Array(columns.length) };
  return timelinesOf(cellsOver({ minTime: 0, maxTime: to * 1000 - 1 }), columns, sources, [columns])[0]!;
}

const timesOf = ({ t, length }: SampleColumns): readonly number[] => [...t.subarray(0, length)];

/** `c-` for `ccc--`. */
const shape = (timeline: string): string => timeline.replaceAll(/(.)\1+/gu, '$1');

describe('the cells of a timeline', () => {
  it('are as short as 240 of them allow, and windows or several beyond', () => {
    const cells = [1, 40, 41, 60, 80, 120, 121, 160, 240, 241, 480, 481, 1440].map((minutes) => {
      const { lengthMs, count } = cellsOver({ minTime: 0, maxTime: minutes * 60_000 - 1 });
      return [minutes, lengthMs / 1000, count];
    });
    assert.deepEqual(cells, [
      [1, 10, 6],
      [40, 10, 240],
      [41, 15, 164],
      [60, 15, 240],
      [80, 20, 240],
      [120, 30, 240],
      [121, 40, 182],
      [160, 40, 240],
      [240, 60, 240],
      [241, 120, 121],
      [480, 120, 240],
      [481, 240, 121],
      [1440, 360, 240],
    ]);
  });

  it('begin where windows are cut', () => {
    for (const hours of [0.5, 1, 2, 3, 5, 50]) {
      const { start, lengthMs, count } = cellsOver({ minTime: 61_234, maxTime: 61_234 + hours * 3_600_000 });
      assert.equal(start % Math.min(lengthMs, 120_000), 0);
      assert.ok(start <= 61_234 && start + lengthMs * count > 61_234 + hours * 3_600_000);
      assert.ok(count <= 240);
    }
  });
});

describe('a timeline', () => {
  it('shows each of the times that a replica was away, though none fills a window', () => {
    const away = [1000, 2205, 3410, 4615, 5820, 6900].map((from) => [from, from + 147] as const);
    for (const to of [7200, 7260]) {
      const timeline = alone(scraped(15, [0, to], ...away), to);
      assert.equal(shape(timeline), 'c-c-c-c-c-c-c');
      const empty =
        (timeline.match(/-/gu)!.length * cellsOver({ minTime: 0, maxTime: to * 1000 - 1 }).lengthMs) / 1000;
      assert.ok(empty > 6 * 60 && empty <= 6 * 165, `${empty}`);
    }
  });

  it('has no gaps where a series is slower than the cells are short', () => {
    for (const every of [7, 15, 60, 300])
      assert.equal(shape(alone(scraped(every, [0, 3600]), 3600)), 'c', `every ${every} s`);
  });

  it('shows a single missed scrape, and neither jitter nor one that is about to come', () => {
    assert.equal(shape(alone(scraped(15, [0, 600], [300, 310]), 600)), 'c-c');
    assert.equal(shape(alone(columnsOf([0, 17, 29, 46, 60, 72, 91].map((t) => [1000 * t, t])), 110)), 'c');
    assert.equal(shape(alone(scraped(15, [0, 600]), 660)), 'c-');
  });

  it('leaves no time that nobody has where one replica takes over from another that ended a moment ago', () => {
    const [a, b] = [scraped(20, [0, 600], [300, 500]), scraped(20, [8, 500], [9, 300])];
    const samples = [...timesOf(a).map((t) => [t, 0] as const), ...timesOf(b).map((t) => [t, 1] as const)]
      // It has a sample long before, which is not chosen.
      .filter(([t]) => t !== 8000)
      .toSorted(([one], [other]) => one - other);
    const answer = columnsOf(samples);
    const sources = {
      origins: Int32Array.from(samples, ([, replica]) => replica),
      fillings: new Uint8Array(answer.length),
    };
    const cells = cellsOver({ minTime: 0, maxTime: 599_999 });
    const [first, second] = timelinesOf(cells, answer, sources, [a, b]);
    for (let cell = 0; cell < cells.count; cell++)
      assert.ok(first![cell] !== '-' || second![cell] !== '-', `${first}\n${second}`);
  });

  it('ends where a series is marked as stale', () => {
    const columns = scraped(15, [0, 315]);
    columns.v.set(Float64Array.of(STALE_NAN), columns.length - 1);
    assert.equal(alone(columns, 360), `${'c'.repeat(31)}-----`);
  });

  it('marks as filled what is counted as such, and nothing else', () => {
    const a = scraped(10, [0, 120], [40, 80]);
    const b = scraped(10, [0, 120]);
    const from = Int32Array.from({ length: 12 }, (_, i) => (i >= 4 && i < 8 ? 1 : 0));
    const shown = (filling: number): readonly string[] =>
      timelinesOf(
        cellsOver({ minTime: 0, maxTime: 119_999 }),
        b,
        { origins: from, fillings: Uint8Array.from(from, (r) => r * filling) },
        [a, b],
      );
    assert.deepEqual(shown(1), ['cccc----cccc', 'iiiiffffiiii']);
    assert.deepEqual(shown(2), ['cccc----cccc', 'iiiiiiiiiiii']);
    assert.deepEqual(shown(0), ['cccc----cccc', 'iiiicccciiii']);
  });
});
