/** The largest few of many numbers. */

/** The places of the `count` largest keys, the largest first; NaN counts as the largest. */
export function largest(keys: ArrayLike<number>, count: number): number[] {
  const kept: number[] = [];
  const found: number[] = [];
  for (let k = 0; k < keys.length; k++) {
    const key = Number.isNaN(keys[k]!) ? Number.POSITIVE_INFINITY : keys[k]!;
    if (found.length === count && key <= kept[count - 1]!) continue;
    // Behind its equals, so that the first of several stays the first.
    let at = found.length;
    while (at > 0 && kept[at - 1]! < key) at--;
    kept.splice(at, 0, key);
    found.splice(at, 0, k);
    if (found.length > count) {
      kept.pop();
      found.pop();
    }
  }
  return found;
}

/** All places, the largest key first; of equals, the first. */
export function ranked(keys: ArrayLike<number>): Uint32Array {
  const value = (k: number): number =>
    Number.isNaN(keys[k]!) ? Number.POSITIVE_INFINITY : keys[k]!;
  return Uint32Array.from({ length: keys.length }, (_, k) => k).sort((a, b) => {
    const [one, other] = [value(a), value(b)];
    return one === other ? a - b : other - one;
  });
}
