/** Two trainings beside each other: what their pages tell the one around them, and what it says. */

/** What a page shows, told to the one around it. */
export interface Shown {
  readonly kind: "shown";
  /** The run; undefined where another walk is shown. */
  readonly run: string | undefined;
  /** Another one, as soon as anything of it was written. */
  readonly change: string | undefined;
  readonly step: number;
  readonly sample: number;
  /** What stands behind the `#` of its address. */
  readonly address: string;
  /** The number of the last request that it followed. */
  readonly heard: number;
}

/** What a page is to show. */
export interface Wanted {
  readonly kind: "wanted";
  readonly step: number;
  readonly sample: number;
  /** Requests are numbered, so that an answer to an old one is not taken for the user's wish. */
  readonly number: number;
}

/** Whether what came from another page is such a message. */
export function isMessage<Kind extends (Shown | Wanted)["kind"]>(
  data: unknown,
  kind: Kind,
): data is Extract<Shown | Wanted, { kind: Kind }> {
  return (data as { kind?: unknown } | null)?.kind === kind;
}

/** The addresses of the two pages, from that of the one around them; undefined if it has not two. */
export function pairFrom(hash: string): readonly [string, string] | undefined {
  const said = new URLSearchParams(hash);
  const other = said.get("beside");
  if (other === null) return undefined;
  said.delete("beside");
  return [String(said), other];
}

/** The address of the page around these two. */
export function pairToAddress([one, other]: readonly [string, string]): string {
  return `${one}&beside=${encodeURIComponent(other)}`;
}
