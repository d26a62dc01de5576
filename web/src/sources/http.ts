/** The source of a page that a server sends: HTTP on the page's own origin. */

import type { Numbers } from "../lib/recipe/operand";
import {
  type Attribution,
  type AttributionAsk,
  type DataSource,
  type ExamplesAsk,
  type Order,
  type PlainEdit,
  type ReportAsk,
  type RunSource,
  SourceError,
  type Tensor,
  type TensorAsk,
  type ThroughAsk,
  type TraceSource,
  type WhyAsk,
} from "../source";
import type {
  AttributionSheet,
  ContributionSheet,
  DataSheet,
  Digest,
  EditedSheet,
  EditingSheet,
  EvaluationSheet,
  ExamplesSheet,
  FieldSheet,
  JobSheet,
  ListedModel,
  ListedSample,
  MethodsSheet,
  ReportSize,
  RunSheet,
  SeriesSheet,
  TraceCard,
  TraceSheet,
  Welcome,
  WhySheet,
} from "../wire";
import { followed, succeeded } from "./followed";
import { numbersOf } from "./numbers";
import { partsOf, unpacked } from "./parcel";
import { problemOf } from "./problem";

export class HttpSource implements TraceSource, RunSource, DataSource {
  readonly #token: () => Promise<string>;

  /** @param token - Asks for what lets the page in. */
  constructor(token: () => Promise<string>) {
    this.#token = token;
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

  async tensors(
    trace: string,
    asks: readonly TensorAsk[],
    signal?: AbortSignal,
  ): Promise<readonly Tensor[]> {
    const path = `traces/${encodeURIComponent(trace)}/values`;
    const response = await this.#fetch(path, { method: "POST", body: partsOf(asks), signal });
    return unpacked(await (await checked(response)).arrayBuffer());
  }

  photo(trace: string, signal?: AbortSignal): Promise<Tensor> {
    return this.#tensor(`traces/${encodeURIComponent(trace)}/photo`, signal);
  }

  digests(
    trace: string,
    ops: readonly number[],
    order: "strength" | "attribution",
    target: string,
    signal?: AbortSignal,
  ): Promise<readonly Digest[]> {
    const said = new URLSearchParams({ ops: ops.join(","), order, target });
    return this.#json(`traces/${encodeURIComponent(trace)}/digests?${said}`, { signal });
  }

  contributions(
    trace: string,
    op: number,
    sample: number,
    target: string,
    signal?: AbortSignal,
  ): Promise<ContributionSheet> {
    const said = new URLSearchParams({ sample: String(sample), target });
    const path = `traces/${encodeURIComponent(trace)}/ops/${op}/contributions?${said}`;
    return this.#json(path, { signal });
  }

  methods(signal?: AbortSignal): Promise<MethodsSheet> {
    return this.#json("methods", { signal });
  }

  async attribution(
    { trace, method, target, sample }: AttributionAsk,
    tell: (job: JobSheet) => void,
    signal?: AbortSignal,
  ): Promise<Attribution> {
    const said = new URLSearchParams({ target, sample: String(sample) });
    const path = `traces/${encodeURIComponent(trace)}/attributions/${encodeURIComponent(method)}`;
    succeeded(await this.#begun(`${path}?${said}`, {}, tell, signal));
    const [sheet, heat] = await Promise.all([
      this.#json<AttributionSheet>(`${path}?${said}`, { signal }),
      this.#tensor(`${path}/map?${said}`, signal),
    ]);
    return { sheet, heat };
  }

  rerun(trace: string, edits: readonly PlainEdit[], signal?: AbortSignal): Promise<EditedSheet> {
    const body = JSON.stringify(edits);
    const path = `traces/${encodeURIComponent(trace)}/edited`;
    return this.#json(path, { method: "POST", body, signal });
  }

  editing(signal?: AbortSignal): Promise<EditingSheet> {
    return this.#json("editing", { signal });
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
    return this.#begun(`walks?${said}`, upload && { body: upload }, tell, signal);
  }

  close(trace: string, signal?: AbortSignal): Promise<readonly TraceCard[]> {
    return this.#json(`traces/${encodeURIComponent(trace)}`, { method: "DELETE", signal });
  }

  run(run: string, signal?: AbortSignal): Promise<RunSheet> {
    return this.#json(`runs/${encodeURIComponent(run)}`, { signal });
  }

  series(
    run: string,
    scale: "log" | "linear",
    signal?: AbortSignal,
  ): Promise<readonly SeriesSheet[]> {
    return this.#json(`runs/${encodeURIComponent(run)}/series?scale=${scale}`, { signal });
  }

  evaluation(run: string, step: number, signal?: AbortSignal): Promise<EvaluationSheet> {
    return this.#json(`runs/${encodeURIComponent(run)}/evaluations/${step}`, { signal });
  }

  mistakes(run: string, step: number, signal?: AbortSignal): Promise<Tensor> {
    return this.#tensor(`runs/${encodeURIComponent(run)}/evaluations/${step}/pictures`, signal);
  }

  through({ run, value, region, until }: ThroughAsk, signal?: AbortSignal): Promise<Tensor> {
    const said = new URLSearchParams({ region, until: String(until) });
    return this.#tensor(`runs/${encodeURIComponent(run)}/values/${value}?${said}`, signal);
  }

  why({ run, parameter, index, step }: WhyAsk, signal?: AbortSignal): Promise<WhySheet> {
    const said = new URLSearchParams({ parameter, at: index.join(",") });
    return this.#json(`runs/${encodeURIComponent(run)}/updates/${step}?${said}`, { signal });
  }

  data(data: string, signal?: AbortSignal): Promise<DataSheet> {
    return this.#json(`data/${encodeURIComponent(data)}`, { signal });
  }

  examples({ data, ...ask }: ExamplesAsk, signal?: AbortSignal): Promise<ExamplesSheet> {
    const said = new URLSearchParams();
    for (const [name, number] of Object.entries(ask)) {
      if (number !== undefined) said.set(name, String(number));
    }
    return this.#json(`data/${encodeURIComponent(data)}/examples?${said}`, { signal });
  }

  async pictures(
    data: string,
    indices: readonly number[],
    side: number,
    signal?: AbortSignal,
  ): Promise<readonly Tensor[]> {
    const said = new URLSearchParams({ indices: indices.join(","), side: String(side) });
    const path = `data/${encodeURIComponent(data)}/pictures?${said}`;
    return unpacked(await (await checked(await this.#fetch(path, { signal }))).arrayBuffer());
  }

  means(data: string, first: number, count: number, side: number, signal?: AbortSignal) {
    const said = `first=${first}&count=${count}&side=${side}`;
    return this.#tensor(`data/${encodeURIComponent(data)}/means?${said}`, signal);
  }

  reportSizes(trace: string, signal?: AbortSignal): Promise<readonly ReportSize[]> {
    return this.#json(`traces/${encodeURIComponent(trace)}/report/sizes`, { signal });
  }

  async report(
    { trace, detail, weights }: ReportAsk,
    tell: (bytes: number) => void,
    signal?: AbortSignal,
  ): Promise<Blob> {
    const said = new URLSearchParams({ detail, weights });
    const path = `traces/${encodeURIComponent(trace)}/report?${said}`;
    const response = await checked(await this.#fetch(path, { signal }));
    let size = 0;
    const counted = new TransformStream<Uint8Array, Uint8Array>({
      transform(part, next) {
        size += part.length;
        tell(size);
        next.enqueue(part);
      },
    });
    try {
      return await new Response(response.body?.pipeThrough(counted)).blob();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const sentence = "The report did not come whole; save it again.";
      throw new SourceError({ what: String(error), where: null, mend: null, sentence });
    }
  }

  /** What was begun, when it is over. */
  async #begun(
    path: string,
    options: Asking = {},
    tell: (job: JobSheet) => void,
    signal: AbortSignal | undefined,
  ): Promise<JobSheet> {
    // Not with the signal: what was begun has to be known, to be stopped.
    const first = await this.#json<JobSheet>(path, { ...options, method: "POST" });
    return followed(first, {
      next: (job) => this.#json<JobSheet>(`walks/${job.id}?seen=${job.change}`, { signal }),
      stop: (job) => this.#fetch(`walks/${job.id}`, { method: "DELETE" }),
      tell,
      signal,
    });
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
      const headers = { Authorization: `Bearer ${await this.#token()}` };
      return await fetch(`/api/${path}`, { ...options, headers, ...(signal && { signal }) });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof SourceError) throw error;
      const sentence =
        "Layerwalk's server does not answer. If it has ended, start it again and open its link.";
      throw new SourceError({ what: String(error), where: null, mend: null, sentence }, true);
    }
  }
}

interface Asking {
  readonly method?: string;
  readonly body?: Blob | string;
  readonly signal?: AbortSignal | undefined;
}

async function checked(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw new SourceError(await problemOf(response));
}
