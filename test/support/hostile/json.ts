/** The answer to a query with one series, which has so many bytes of items in a list or an object of it. */
export function matrixOf(
  before: string,
  item: (index: number) => string,
  behind: string,
  bytes: number,
): Buffer {
  return Buffer.from(
    `{"status":"success","data":{"resultType":"matrix","result":[${before}${items(item, (_, length) => length < bytes)}${behind}]}}`,
  );
}

/** A list of one series that has so many labels. */
export function seriesOfLabels(count: number): Buffer {
  return Buffer.from(
    `{"status":"success","data":[{${items(
      (i) => `"l${i}":"v"`,
      (i) => i < count,
    )}}]}`,
  );
}

/** A list of so many bytes of one item. */
export function listOf(item: string, bytes: number): Buffer {
  const count = Math.floor(bytes / (item.length + 1));
  return Buffer.from(`{"status":"success","data":[${`${item},`.repeat(count)}${item}]}`);
}

function items(item: (index: number) => string, goesOn: (index: number, length: number) => boolean): string {
  const texts: string[] = [];
  let length = 0;
  for (let i = 0; goesOn(i, length); i++) {
    const text = item(i);
    texts.push(text);
    length += text.length + 1;
  }
  return texts.join(',');
}
