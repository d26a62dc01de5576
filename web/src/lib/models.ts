/** Finding a network by a few letters. */

import type { ListedModel } from "../wire";

/**
 * The networks whose name, source or note has all the words, those whose name begins with the
 * first word first; otherwise in the order in which they are listed.
 */
export function findModels(models: readonly ListedModel[], wanted: string): ListedModel[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = models.filter(({ name, source, note }) => {
    const text = `${name} ${source} ${note}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const [first] = words;
  if (first === undefined) return found;
  const rank = ({ name }: ListedModel): number =>
    name === first ? 0 : name.startsWith(first) ? 1 : name.includes(first) ? 2 : 3;
  return found.sort((one, other) => rank(one) - rank(other));
}
