/** How like a name a word is that stands in it: at the beginning of one of its parts, or elsewhere. Letters that are in it in their order give less than 1. */
const BEGINS_PART = 3;
const WITHIN = 2;

type Likeness = (name: string, word: string) => number | undefined;

/** Names that are like each word of a text, the most alike first. */
export function namesLike(names: readonly string[], text: string): readonly string[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return names;
  const found = ranked(names, (name) => likenessOf(name, words, likeness));
  if (found.length > 0) return found;
  const variants = swapped(words);
  return ranked(names, (name) => {
    const likenesses = variants.map((variant) => likenessOf(name, variant, likenessOfPart));
    return likenesses.find((each) => each !== undefined);
  });
}

function ranked(
  names: readonly string[],
  likenessTo: (name: string) => number | undefined,
): readonly string[] {
  return names
    .map((name) => ({ name, like: likenessTo(name.toLowerCase()) }))
    .filter((each): each is { name: string; like: number } => each.like !== undefined)
    .toSorted((a, b) => b.like - a.like || a.name.length - b.name.length)
    .map(({ name }) => name);
}

function likenessOf(name: string, words: readonly string[], of: Likeness): number | undefined {
  let sum = 0;
  for (const word of words) {
    const like = of(name, word);
    if (like === undefined) return undefined;
    sum += like;
  }
  return sum;
}

function likeness(name: string, word: string): number | undefined {
  return likenessOfPart(name, word) ?? likenessOfLetters(name, Array.from(word));
}

function likenessOfPart(name: string, word: string): number | undefined {
  const at = name.indexOf(word);
  if (at === -1) return undefined;
  return at === 0 || '_:.'.includes(name[at - 1]!) ? BEGINS_PART : WITHIN;
}

/** As the search of the gateway has it, runs of neighbouring letters count by their squared length, and the best start counts. */
function likenessOfLetters(name: string, letters: readonly string[]): number | undefined {
  let best: number | undefined;
  const [first] = letters;
  for (let start = name.indexOf(first!); start !== -1; start = name.indexOf(first!, start + 1)) {
    const squares = squaredRuns(name, letters, start);
    if (squares === undefined) break;
    best = Math.max(best ?? 0, squares);
  }
  return best === undefined ? undefined : best / (letters.length * letters.length + 1);
}

function squaredRuns(name: string, letters: readonly string[], start: number): number | undefined {
  let [sum, run, end] = [0, 0, start];
  for (const letter of letters) {
    const at = name.indexOf(letter, end);
    if (at === -1) return undefined;
    run = at === end ? run + 1 : 1;
    sum += 2 * run - 1;
    end = at + letter.length;
  }
  return sum;
}

/** The words with two neighbouring letters of one of them the other way round, as they are easily typed. */
function swapped(words: readonly string[]): readonly (readonly string[])[] {
  return words.flatMap((word, at) =>
    Array.from({ length: word.length - 1 }, (_, i) =>
      words.with(at, `${word.slice(0, i)}${word[i + 1]}${word[i]}${word.slice(i + 2)}`),
    ),
  );
}
