/** The pictures that can be saved now: each panel offers its own, a menu lists them. */

/** A picture that somebody on the page can draw. */
export interface Offer {
  /** What is in it: `"feature maps"`. */
  readonly name: string;
  /** Draws it: a PNG or an SVG. */
  readonly make: () => Promise<Blob>;
}

const offers = new Set<Offer>();

/**
 * Puts a picture on the list; gives back what takes it off again.
 *
 * @example
 * $effect(() => offer("feature maps", () => drawSheet()));
 */
export function offer(name: string, make: () => Promise<Blob>): () => void {
  const made: Offer = { name, make };
  offers.add(made);
  return () => {
    offers.delete(made);
  };
}

/** What can be drawn now, in the order in which it was offered. */
export function offered(): readonly Offer[] {
  return [...offers];
}
