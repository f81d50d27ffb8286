import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { escapeName } from '../../../src/wire/exposition/escape-name.ts';

/** Cases of prometheus/common, model/metric_test.go `TestEscapeName`, for names that are not classic. */
const CASES: readonly (readonly [name: string, underscores: string, dots: string, values: string])[] = [
  ['no:escaping_required', 'no:escaping_required', 'no:escaping_required', 'no:escaping_required'],
  [
    'mysystem.prod.west.cpu.load',
    'mysystem_prod_west_cpu_load',
    'mysystem_dot_prod_dot_west_dot_cpu_dot_load',
    'U__mysystem_2e_prod_2e_west_2e_cpu_2e_load',
  ],
  [
    'mysystem.prod.west.cpu.load_total',
    'mysystem_prod_west_cpu_load_total',
    'mysystem_dot_prod_dot_west_dot_cpu_dot_load__total',
    'U__mysystem_2e_prod_2e_west_2e_cpu_2e_load__total',
  ],
  ['http.status:sum', 'http_status:sum', 'http_dot_status:sum', 'U__http_2e_status:sum'],
  ['label with 😱', 'label_with__', 'label__with____', 'U__label_20_with_20__1f631_'],
  ['花火', '__', '____', 'U___82b1__706b_'],
  ['1x', '_x', '__x', 'U___31_x'],
];

describe('names beyond the classic character set', () => {
  for (const [name, underscores, dots, values] of CASES)
    it(name, () => {
      assert.equal(escapeName(name, 'allow-utf-8'), name);
      assert.equal(escapeName(name, 'underscores'), underscores);
      assert.equal(escapeName(name, 'dots'), dots);
      assert.equal(escapeName(name, 'values'), values);
    });
});
