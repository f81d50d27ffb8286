/** A word that differs in more than this part of its letters is another word, and none that was mistyped. */
const MOST_PART = 1 / 3;
const MOST_LETTERS = 3;

/** The one of some words that a mistyped word may have been meant for; undefined where none is close. */
export function closest(mistyped: string, words: readonly string[]): string | undefined {
  const most = Math.min(MOST_LETTERS, Math.max(1, Math.floor(mistyped.length * MOST_PART)));
  let best: string | undefined;
  let least = most + 1;
  for (const word of words) {
    if (Math.abs(word.length - mistyped.length) >= least) continue;
    const distance = editDistance(word, mistyped);
    if (distance >= least) continue;
    best = word;
    least = distance;
  }
  return best;
}

/** How many letters are to be added, left out or replaced (Levenshtein). */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(previous[j]! + 1, row[j - 1]! + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length]!;
}
