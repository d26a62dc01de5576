/** The source of a page that a server sends: HTTP on the page's own origin. */

import type { Numbers } from "../lib/recipe/operand";
import {
  type Detail,
  type Order,
  SourceError,
  type Tensor,
  type TensorAsk,
  type TraceSource,
} from "../source";
import type {
  Digest,
  FieldSheet,
  JobSheet,
  ListedModel,
  ListedSample,
  Problem,
  TraceCard,
  TraceSheet,
  Welcome,
} from "../wire";
import { followed } from "./followed";
import { numbersOf } from "./numbers";

export class HttpSource implements TraceSource {
  readonly #base: string;

  /** @param base - Where the server's interface begins, `"/api"`. */
  constructor(base = "/api") {
    this.#base = base;
  }

  welcome(signal?: AbortSignal): Promise<Welcome> {
    return this.#json("welcome", { signal });
  }

  traces(signal?: AbortSignal): Promise<readonly TraceCard[]> {
    return this.#json("traces", { signal });
  }

  sheet(trace: string, signal?: AbortSignal): Promise<TraceSheet> {
    return this.#json(`traces/${encodeURIComponent(trace)}`, { signal });
  }

  tensor(ask: TensorAsk, signal?: AbortSignal): Promise<Tensor> {
    const said = new URLSearchParams();
    if (ask.region) said.set("region", ask.region);
    if (ask.half) said.set("half", "1");
    const path = `traces/${encodeURIComponent(ask.trace)}/values/${ask.value}`;
    return this.#tensor(said.size > 0 ? `${path}?${said}` : path, signal);
  }

  photo(trace: string, signal?: AbortSignal): Promise<Tensor> {
    return this.#tensor(`traces/${encodeURIComponent(trace)}/photo`, signal);
  }

  digests(trace: string, ops: readonly number[], signal?: AbortSignal): Promise<readonly Digest[]> {
    const said = new URLSearchParams({ ops: ops.join(",") });
    return this.#json(`traces/${encodeURIComponent(trace)}/digests?${said}`, { signal });
  }

  async field(
    trace: string,
    op: number,
    output: number,
    at: readonly number[],
    signal?: AbortSignal,
  ): Promise<FieldSheet | undefined> {
    const said = new URLSearchParams({ at: at.join(","), output: String(output) });
    const path = `traces/${encodeURIComponent(trace)}/ops/${op}/field?${said}`;
    const response = await this.#fetch(path, { signal });
    // Not every value is made of the picture, and not every op says how.
    if (response.status === 404) return undefined;
    return (await checked(response)).json();
  }

  models(signal?: AbortSignal): Promise<readonly ListedModel[]> {
    return this.#json("models", { signal });
  }

  samples(signal?: AbortSignal): Promise<readonly ListedSample[]> {
    return this.#json("samples", { signal });
  }

  async samplePicture(name: string, signal?: AbortSignal): Promise<Blob> {
    const path = name.split("/").map(encodeURIComponent).join("/");
    return (await checked(await this.#fetch(`samples/${path}/picture`, { signal }))).blob();
  }

  async walk(order: Order, tell: (job: JobSheet) => void, signal?: AbortSignal): Promise<JobSheet> {
    const said = new URLSearchParams();
    if (order.trace) said.set("trace", order.trace);
    if (order.model) said.set("model", order.model);
    const upload = order.picture instanceof File ? order.picture : undefined;
    if (upload) said.set("name", upload.name);
    else if (typeof order.picture === "string") said.set("picture", order.picture);
    // Not with the signal: a walk that was begun has to be known, to be stopped.
    const first = await this.#json<JobSheet>(`walks?${said}`, {
      method: "POST",
      ...(upload && { body: upload }),
    });
    return followed(first, {
      next: (job) => this.#json<JobSheet>(`walks/${job.id}?seen=${job.change}`, { signal }),
      stop: (job) => this.#fetch(`walks/${job.id}`, { method: "DELETE" }),
      tell,
      signal,
    });
  }

  close(trace: string, signal?: AbortSignal): Promise<readonly TraceCard[]> {
    return this.#json(`traces/${encodeURIComponent(trace)}`, { method: "DELETE", signal });
  }

  async report(trace: string, detail: Detail, signal?: AbortSignal): Promise<Blob> {
    const path = `traces/${encodeURIComponent(trace)}/report?detail=${detail}`;
    return (await checked(await this.#fetch(path, { signal }))).blob();
  }

  async #json<T>(path: string, options: Asking = {}): Promise<T> {
    return (await checked(await this.#fetch(path, options))).json();
  }

  async #tensor(path: string, signal: AbortSignal | undefined): Promise<Tensor> {
    const response = await checked(await this.#fetch(path, { signal }));
    const shape = (response.headers.get("X-Layerwalk-Shape") ?? "").split(",").filter(Boolean);
    const dtype = response.headers.get("X-Layerwalk-Dtype") ?? "";
    const data: Numbers = numbersOf(await response.arrayBuffer(), dtype);
    const exact = response.headers.get("X-Layerwalk-Exact") === "1";
    return { data, shape: shape.map(Number), exact };
  }

  async #fetch(path: string, { signal, ...options }: Asking): Promise<Response> {
    try {
      return await fetch(`${this.#base}/${path}`, { ...options, ...(signal && { signal }) });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const sentence =
        "Layerwalk's server does not answer; start it again where it was started, and reload.";
      throw new SourceError({ what: String(error), where: null, mend: null, sentence }, true);
    }
  }
}

interface Asking {
  readonly method?: string;
  readonly body?: Blob;
  readonly signal?: AbortSignal | undefined;
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  throw new SourceError(problemIn(text, response));
}

function problemIn(text: string, response: Response): Problem {
  try {
    const found: unknown = JSON.parse(text);
    if (isProblem(found)) return found;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const sentence = `The server answered ${response.status} ${response.statusText}.`;
  return { what: sentence, where: null, mend: null, sentence };
}

function isProblem(found: unknown): found is Problem {
  return typeof found === "object" && found !== null && "sentence" in found;
}
