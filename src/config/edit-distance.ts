/** Number of letters to insert, delete or replace to turn one word into the other (Levenshtein), case aside. */
export function editDistance(left: string, right: string): number {
  const [from, to] = [left.toLowerCase(), right.toLowerCase()];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replace = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replace, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** The word that needs the fewest changes; undefined when there is none. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const ranked = Array.from(candidates, (candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  return ranked.sort((left, right) => left.distance - right.distance)[0]?.candidate;
}
