/**
 * What lets the page in to its server: the token of the link that it was opened by.
 *
 * It is kept by origin, which tells ports apart (cookies do not), so that a reload, a second tab
 * and a copied link work, and it goes out in a header of our own requests only.
 */

import { SourceError } from "../source";
import { problemOf } from "./problem";

const NAME = "layerwalk:token";

/** Whether an address holds what lets in. */
export function opensDoor(hash: string): boolean {
  return /[#&](token|ticket)=/.test(hash);
}

/**
 * Takes what lets in out of the address, where it would be seen and copied; gives back what asks
 * for the token.
 */
export function keyFrom(place: Location, past: History): () => Promise<string> {
  const said = new URLSearchParams(place.hash.slice(1));
  const token = said.get("token");
  const ticket = said.get("ticket");
  said.delete("token");
  said.delete("ticket");
  if (opensDoor(place.hash)) past.replaceState(null, "", `#${said}`);
  let held = "";
  const keep = (text: string): void => {
    held = text;
    stored((storage) => storage.setItem(NAME, text));
  };
  if (token) keep(token);
  const entered = ticket ? enter(ticket).then(keep) : undefined;
  return async () => {
    // Another tab may have been let in anew meanwhile.
    const kept = (): string => stored((storage) => storage.getItem(NAME)) ?? held;
    await entered?.catch((error: unknown) => {
      if (!(error instanceof SourceError) || !kept()) throw error;
    });
    return kept();
  };
}

/** The token, for a ticket that is good once. */
async function enter(ticket: string): Promise<string> {
  const headers = { Authorization: `Bearer ${ticket}` };
  const response = await fetch("/api/enter", { method: "POST", headers });
  if (!response.ok) throw new SourceError(await problemOf(response));
  const { token } = (await response.json()) as { token: string };
  return token;
}

function stored<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch (error) {
    // A reader may forbid pages to keep anything.
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}
