import type { AnalyzedPart, QueryAnalysis } from '../../../engine/analysis.ts';
import { remark, type Annotation } from '../../../model/annotations.ts';
import type { EndpointCall } from '../../../model/request-journal.ts';
import type { PlannedSelect } from '../../../plan/selects.ts';
import type { AnalysisJson, FanoutJson } from '../../api/query.ts';
import { goDuration } from '../../json/go-duration.ts';
import { encodeJson } from '../../json/json-value.ts';
import type { Members } from '../../json/object.ts';
import { encodeString } from '../../json/text.ts';
import { encodeTree } from '../../json/tree.ts';
import { selectorText } from '../../selector-text.ts';

/** What the parts of a query cost, as Thanos tells it: an {@link AnalysisJson}. */
export function encodeAnalysis(
  { parts, selects }: QueryAnalysis,
  calls: ReadonlyMap<number, readonly EndpointCall[]> | undefined,
): Iterable<string> {
  return encodeTree(parts, (part): Members<Omit<AnalysisJson, 'children'>> => {
    const made = part.select === undefined ? [] : (calls?.get(part.select) ?? []);
    return {
      name: encodeString(partName(part, selects)),
      executionTime: encodeString(goDuration(part.ms)),
      peakSamples: positive(part.peakSamples),
      totalSamples: positive(part.samples),
      fanout: made.length === 0 ? undefined : encodeJson(made.map(fanoutOf)),
    };
  });
}

/** What is not told of by itself. */
export function analysisRemarks(analysis: QueryAnalysis | undefined): readonly Annotation[] {
  const { parts = [], partsNotShown = 0 } = analysis ?? {};
  if (partsNotShown === 0) return [];
  const shown = `the analysis tells of the first ${parts.length} parts of the query`;
  return [remark('info', `${shown}; ${partsNotShown} more count for what is around them`)];
}

/** What a part does, with the selector of what it fetches. */
export function partName(
  { headline, select }: Pick<AnalyzedPart, 'headline' | 'select'>,
  selects: readonly PlannedSelect[],
): string {
  return select === undefined ? headline : `${headline} ${selectorText(selects[select]!.matchers)}`;
}

function positive(count: number): string | undefined {
  return count === 0 ? undefined : String(count);
}

/** A call that is given up with the query has no end. */
function fanoutOf({ endpoint, began, ended = began, series, bytes }: EndpointCall): FanoutJson {
  return {
    endpointAddr: endpoint,
    duration: goDuration(ended - began),
    bytesProcessed: bytes || undefined,
    series: series || undefined,
  };
}
