import { afterEach, describe, expect, test, vi } from "vitest";
import { SourceError } from "../../src/source";
import { HttpSource } from "../../src/sources/http";
import type { JobSheet } from "../../src/wire";

type Answerer = (url: string, options: RequestInit) => Response | Promise<Response>;

function answering(answer: Answerer): ReturnType<typeof vi.fn<Answerer>> {
  const asked = vi.fn<Answerer>(answer);
  vi.stubGlobal("fetch", async (url: string, options: RequestInit = {}) => asked(url, options));
  return asked;
}

afterEach(() => vi.unstubAllGlobals());

const JOB: JobSheet = {
  id: "j",
  change: 0,
  state: "queued",
  before: 1,
  stage: "",
  done: 0,
  of: 0,
  trace: null,
  notes: [],
  problem: null,
};

describe("a server's source", () => {
  test("reads numbers with their shape and type", async () => {
    const asked = answering(() => {
      const headers = {
        "X-Layerwalk-Shape": "1,2",
        "X-Layerwalk-Dtype": "float32",
        "X-Layerwalk-Exact": "1",
      };
      return new Response(Float32Array.of(1.5, -2), { headers });
    });
    const found = await new HttpSource(async () => "key").tensor({
      trace: "a b",
      value: 3,
      region: "0",
      half: true,
    });
    expect(found).toEqual({ data: Float32Array.of(1.5, -2), shape: [1, 2], exact: true });
    expect(asked.mock.calls[0]?.[0]).toBe("/api/traces/a%20b/values/3?region=0&half=1");
  });

  test("hands on what the server says is wrong", async () => {
    const problem = { what: "no", where: null, mend: null, sentence: "There is no such walk." };
    answering(() => Response.json(problem, { status: 404 }));
    const asked = new HttpSource(async () => "key").sheet("gone");
    await expect(asked).rejects.toThrow("There is no such walk.");
    await expect(asked).rejects.toMatchObject({ offline: false });
  });

  test("says so where something else answers", async () => {
    answering(() => new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
    await expect(new HttpSource(async () => "key").traces()).rejects.toThrow(
      "The server answered 502 Bad Gateway.",
    );
  });

  test("knows when nobody answers", async () => {
    answering(() => Promise.reject(new TypeError("Failed to fetch")));
    const asked = new HttpSource(async () => "key").traces();
    await expect(asked).rejects.toBeInstanceOf(SourceError);
    await expect(asked).rejects.toMatchObject({ offline: true });
  });

  test("tells how much of a report has come", async () => {
    const parts = new ReadableStream({
      start(stream) {
        for (const size of [3, 4]) stream.enqueue(new Uint8Array(size));
        stream.close();
      },
    });
    const asked = answering(() => new Response(parts));
    const told: number[] = [];
    const source = new HttpSource(async () => "key");
    const ask = { trace: "a", detail: "exact", weights: "all" } as const;
    const file = await source.report(ask, (bytes) => told.push(bytes));
    expect([file.size, told]).toEqual([7, [3, 7]]);
    expect(asked.mock.calls[0]?.[0]).toBe("/api/traces/a/report?detail=exact&weights=all");
    answering(() => Response.json([]));
    expect(await source.reportSizes("a")).toEqual([]);
  });

  test("a report that is cut off is none", async () => {
    const parts = new ReadableStream({
      pull(stream) {
        stream.error(new TypeError("terminated"));
      },
    });
    answering(() => new Response(parts));
    const ask = { trace: "a", detail: "half", weights: "some" } as const;
    const asked = new HttpSource(async () => "key").report(ask, () => undefined);
    await expect(asked).rejects.toThrow("The report did not come whole");
  });

  test("a field that there is not is no failure", async () => {
    answering(() => Response.json({ sentence: "It has none." }, { status: 404 }));
    expect(await new HttpSource(async () => "key").field("a", 1, 0, [0, 1])).toBeUndefined();
  });

  test("follows a walk until it is over", async () => {
    const states = [
      JOB,
      { ...JOB, change: 1, state: "running" as const },
      { ...JOB, change: 2, state: "done" as const, trace: "t" },
    ];
    const asked = answering(() => Response.json(states.shift()));
    const told: string[] = [];
    const file = new File(["x"], "dog.jpg");
    const job = await new HttpSource(async () => "key").walk(
      { trace: "a", picture: file },
      ({ state }) => told.push(state),
    );
    expect(job.trace).toBe("t");
    expect(told).toEqual(["queued", "running", "done"]);
    expect(asked.mock.calls.map(([url]) => url)).toEqual([
      "/api/walks?trace=a&name=dog.jpg",
      "/api/walks/j?seen=0",
      "/api/walks/j?seen=1",
    ]);
    expect(asked.mock.calls[0]?.[1]).toMatchObject({ method: "POST", body: file });
  });

  test("finds out what mattered, and then asks for it", async () => {
    const done = { ...JOB, change: 1, state: "done" as const, trace: "a" };
    const sheet = { method: "deeplift", target: "dog" };
    const asked = answering((url, { method }) => {
      if (method === "POST") return Response.json(JOB);
      if (url.includes("/walks/")) return Response.json(done);
      if (!url.includes("/map")) return Response.json(sheet);
      const headers = { "X-Layerwalk-Shape": "1,2", "X-Layerwalk-Dtype": "float64" };
      return new Response(Float64Array.of(0.5, -1), { headers });
    });
    const ask = { trace: "a", method: "deeplift", target: "relu:2", sample: 0 };
    const found = await new HttpSource(async () => "key").attribution(ask, () => undefined);
    expect(found.sheet).toEqual(sheet);
    expect(found.heat).toMatchObject({ data: Float64Array.of(0.5, -1), shape: [1, 2] });
    const said = "?target=relu%3A2&sample=0";
    expect(asked.mock.calls.map(([url]) => url)).toEqual([
      `/api/traces/a/attributions/deeplift${said}`,
      "/api/walks/j?seen=0",
      `/api/traces/a/attributions/deeplift${said}`,
      `/api/traces/a/attributions/deeplift/map${said}`,
    ]);
  });

  test.each([
    [
      { state: "failed" as const, problem: { what: "", where: null, mend: null, sentence: "No." } },
      "No.",
    ],
    [{ state: "cancelled" as const }, "it was stopped before it was done."],
  ])("says why nothing was found out: %o", async (end, sentence) => {
    answering((_, { method }) => Response.json(method === "POST" ? JOB : { ...JOB, ...end }));
    const ask = { trace: "a", method: "saliency", target: "", sample: 0 };
    const asked = new HttpSource(async () => "key").attribution(ask, () => undefined);
    await expect(asked).rejects.toThrow(sentence);
  });

  test("stops a walk that nobody waits for any more", async () => {
    const stop = new AbortController();
    const asked = answering((_, { method, signal }) => {
      if (method === "POST" || method === "DELETE") return Response.json(JOB);
      stop.abort(new Error("enough"));
      return Promise.reject(signal?.reason);
    });
    const walk = new HttpSource(async () => "key").walk(
      { picture: "sample:dog" },
      () => undefined,
      stop.signal,
    );
    await expect(walk).rejects.toThrow("enough");
    const stopped = asked.mock.calls.filter(([, { method }]) => method === "DELETE");
    expect(stopped.map(([url]) => url)).toEqual(["/api/walks/j"]);
  });
});
