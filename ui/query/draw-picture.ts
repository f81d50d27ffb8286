import { colourAt, heatSwatch, isDark } from './palette.ts';

/** Makes a picture of a graph that is shown; undefined where it was not drawn yet. */
export type GraphPicture = () => Promise<Blob | undefined>;

/** Where a graph puts it as long as it is shown. */
export interface PictureHolder {
  current: GraphPicture | undefined;
}

interface NamedLine {
  readonly name: string;
  /** Of the palette; undefined where it is in a heatmap. */
  readonly colour: number | undefined;
}

/** Lines that are named below the graph. */
const MOST_NAMED = 20;
/** px of the page. */
const ROW = 18;
const EDGE = 12;
const LONGEST = 300;

/**
 * Graphs with their query above them and their series below them, as PNG. They have the size of their canvas, so they are as sharp as
 * the screen.
 */
export async function drawPicture(
  graphs: readonly HTMLCanvasElement[],
  query: string,
  lines: readonly NamedLine[],
): Promise<Blob | undefined> {
  const named = lines.slice(0, MOST_NAMED);
  const rest = lines.length - named.length;
  const rows = named.length + Number(rest > 0);
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  const [first] = graphs;
  if (context === null || first === undefined || first.width === 0) return undefined;
  const scale = first.width / first.clientWidth;
  const top = EDGE + ROW + EDGE;
  const below = top + graphs.reduce((sum, { clientHeight }) => sum + clientHeight + EDGE, 0);
  canvas.width = first.width;
  canvas.height = Math.ceil((below + rows * ROW + EDGE) * scale);
  const { backgroundColor, color } = getComputedStyle(document.documentElement);
  context.fillStyle = backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  let place = top;
  for (const graph of graphs) {
    context.drawImage(graph, 0, place * scale);
    place += graph.clientHeight + EDGE;
  }
  context.scale(scale, scale);
  context.textBaseline = 'middle';
  const text = (words: string, left: number, middle: number): void => {
    context.fillStyle = color;
    context.font = '12px ui-monospace, Menlo, Consolas, monospace';
    context.fillText(words.replaceAll(/\s+/g, ' ').slice(0, LONGEST), left, middle);
  };
  text(query, EDGE, EDGE + ROW / 2);
  const dark = isDark();
  for (const [i, { name, colour }] of named.entries()) {
    const middle = below + (i + 0.5) * ROW;
    context.fillStyle = colour === undefined ? heatSwatch(dark) : colourAt(colour, dark);
    context.fillRect(EDGE, middle - 1.5, 12, 3);
    text(name, EDGE + 20, middle);
  }
  if (rest > 0) text(`and ${rest} more series`, EDGE + 20, below + (named.length + 0.5) * ROW);
  return new Promise((resolve) => canvas.toBlob((image) => resolve(image ?? undefined), 'image/png'));
}
