import { bug } from '../../model/errors.ts';
import type { Extent } from './extended-edges.ts';
import { EXTENDED_RANGE_KERNELS } from './extended-range-kernels.ts';
import type { RangeKernel } from './range-kernel.ts';
import { RANGE_KERNELS } from './range-kernels.ts';

/** The kernel of a function over a plain or an extended selector; undefined where the extension does not suit it. */
export function rangeKernelOf(func: string, extent: Extent | undefined): RangeKernel | undefined {
  if (extent !== undefined) return EXTENDED_RANGE_KERNELS[extent][func];
  return RANGE_KERNELS[func] ?? bug(`function ${func} has no kernel`);
}
