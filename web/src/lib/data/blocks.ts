/** Long lists that come in blocks: which of them are wanted for a part, and which may go. */

/** The numbers of the blocks, of `size` places each, that a part from `first` to `last` touches. */
export function blocksOf(first: number, last: number, size: number): number[] {
  const from = Math.floor(Math.max(0, first) / size);
  return Array.from(
    { length: Math.max(0, Math.floor(last / size) - from + 1) },
    (_, k) => from + k,
  );
}

/** A copy of the blocks with one more; beyond `most`, those farthest from it are gone. */
export function withBlock<T>(
  blocks: ReadonlyMap<number, T>,
  number: number,
  block: T,
  most: number,
): ReadonlyMap<number, T> {
  const next = new Map(blocks).set(number, block);
  const far = [...next.keys()].sort((a, b) => Math.abs(b - number) - Math.abs(a - number));
  for (const gone of far.slice(0, Math.max(0, next.size - most))) next.delete(gone);
  return next;
}

/** Where a key leads in rows of so many; undefined for one that leads nowhere. */
export function placeAfter(
  key: string,
  place: number,
  {
    count,
    across,
    page,
  }: { readonly count: number; readonly across: number; readonly page: number },
): number | undefined {
  const by: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -across,
    ArrowDown: across,
    PageUp: -across * page,
    PageDown: across * page,
    Home: -count,
    End: count,
  };
  const step = by[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, place + step));
}
