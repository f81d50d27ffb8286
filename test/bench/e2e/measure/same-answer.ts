/** How far an answer may be from the one that it is compared with. */
export interface Tolerance {
  /** Relative. */
  readonly values: number;
  /** Of a hundred points, so many may be further off, or be in one answer alone. */
  readonly percentOff: number;
}

type Point = readonly [time: number, value: string];

interface Answer {
  readonly status: string;
  readonly warnings?: readonly string[];
  readonly data: {
    readonly resultType: string;
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: Point;
      readonly values?: readonly Point[];
    }[];
  };
}

/** What is wrong with an answer of the API (its bytes), compared with `expected`; undefined where nothing is. */
export function differenceOf(expected: Buffer, got: Buffer, tolerance: Tolerance): string | undefined {
  const [right, answer] = [expected, got].map((body) => JSON.parse(body.toString()) as Answer) as [
    Answer,
    Answer,
  ];
  if (answer.warnings !== undefined) return `it warns: ${answer.warnings[0]}`;
  if (right.data.resultType !== answer.data.resultType)
    return `it is a ${answer.data.resultType}, not a ${right.data.resultType}`;
  const [rightPoints, points] = [pointsOf(right), pointsOf(answer)];
  if (rightPoints.size === 0) return 'both answers are empty, so they prove nothing';
  const off: string[] = [];
  for (const [key, value] of rightPoints) {
    const other = points.get(key);
    if (other === undefined) off.push(`${key} is missing`);
    else if (!isNear(value, other, tolerance.values)) off.push(`${key} is ${other}, not ${value}`);
  }
  for (const key of points.keys()) if (!rightPoints.has(key)) off.push(`${key} is too much`);
  if ((100 * off.length) / rightPoints.size <= tolerance.percentOff) return undefined;
  return `${off.length} of ${rightPoints.size} points are off; ${off.slice(0, 3).join('; ')}`;
}

/** The floats of an answer, as text, by labels and time. */
export function pointsOf({ data }: Pick<Answer, 'data'>): ReadonlyMap<string, string> {
  const points = new Map<string, string>();
  for (const { metric, value, values } of data.result) {
    const name = JSON.stringify(Object.entries(metric).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    for (const [time, text] of values ?? (value === undefined ? [] : [value]))
      points.set(`${name} at ${time}`, text);
  }
  return points;
}

function isNear(a: string, b: string, relative: number): boolean {
  if (a === b) return true;
  const [x, y] = [Number(a), Number(b)];
  return Math.abs(x - y) <= relative * Math.max(Math.abs(x), Math.abs(y));
}
