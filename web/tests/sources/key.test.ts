import { afterEach, describe, expect, test, vi } from "vitest";
import { HttpSource } from "../../src/sources/http";
import { keyFrom } from "../../src/sources/key";

class Kept {
  readonly #said = new Map<string, string>();
  getItem(name: string): string | null {
    return this.#said.get(name) ?? null;
  }
  setItem(name: string, text: string): void {
    this.#said.set(name, text);
  }
}

class Closed {
  getItem(): never {
    throw new DOMException("no storage", "SecurityError");
  }
  setItem(): never {
    throw new DOMException("no storage", "SecurityError");
  }
}

/** A tab that is opened at an address; gives back what asks for the token. */
function opened(hash: string): { token: () => Promise<string>; address: string } {
  let address = hash;
  const past = { replaceState: (_: unknown, __: string, to: string) => (address = to) };
  const token = keyFrom({ hash } as Location, past as unknown as History);
  return { token, address };
}

function server(answer: (key: string) => Response): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, { headers }: { headers: Record<string, string> }) => {
    asked.push(url);
    return answer(headers.Authorization ?? "");
  });
  return asked;
}

const USED = { what: "used", where: null, mend: null, sentence: "The link is used." };

afterEach(() => vi.unstubAllGlobals());

describe("what lets a page in", () => {
  test("is taken out of the address, and the rest stays", async () => {
    vi.stubGlobal("localStorage", new Kept());
    const { token, address } = opened("#token=abc&trace=dog-1&op=conv");
    expect(address).toBe("#trace=dog-1&op=conv");
    expect(await token()).toBe("abc");
  });

  test("is there in a second tab, after a reload and for a copied link", async () => {
    vi.stubGlobal("localStorage", new Kept());
    opened("#token=abc");
    expect(await opened("#trace=dog-1").token()).toBe("abc");
  });

  test("is the newest one in every tab", async () => {
    vi.stubGlobal("localStorage", new Kept());
    const old = opened("#token=old");
    opened("#token=new");
    expect(await old.token()).toBe("new");
  });

  test("comes for a ticket, once", async () => {
    vi.stubGlobal("localStorage", new Kept());
    const asked = server((key) => {
      expect(key).toBe("Bearer t1");
      return Response.json({ token: "abc" });
    });
    const { token, address } = opened("#ticket=t1&trace=a");
    expect(address).toBe("#trace=a");
    expect(await Promise.all([token(), token()])).toEqual(["abc", "abc"]);
    expect(asked).toEqual(["/api/enter"]);
  });

  test("a ticket that is used says so, unless this browser was let in before", async () => {
    vi.stubGlobal("localStorage", new Kept());
    server(() => Response.json(USED, { status: 401 }));
    const first = new HttpSource(opened("#ticket=t1").token).traces();
    await expect(first).rejects.toThrow("The link is used.");
    opened("#token=abc");
    expect(await opened("#ticket=t1").token()).toBe("abc");
  });

  test("a server that is gone is told as such", async () => {
    vi.stubGlobal("localStorage", new Kept());
    server(() => {
      throw new TypeError("Failed to fetch");
    });
    const asked = new HttpSource(opened("#ticket=t1").token).traces();
    await expect(asked).rejects.toMatchObject({ offline: true });
  });

  test("without a storage it lives as long as the tab", async () => {
    vi.stubGlobal("localStorage", new Closed());
    expect(await opened("#token=abc").token()).toBe("abc");
    expect(await opened("#trace=a").token()).toBe("");
  });

  test("goes out with every question, and nowhere else", async () => {
    vi.stubGlobal("localStorage", new Kept());
    const keys: string[] = [];
    const asked = server((key) => {
      keys.push(key);
      return Response.json([]);
    });
    const source = new HttpSource(opened("#token=abc").token);
    await source.traces();
    await source.close("a");
    expect(keys).toEqual(["Bearer abc", "Bearer abc"]);
    expect(asked.every((url) => url.startsWith("/api/"))).toBe(true);
  });
});
