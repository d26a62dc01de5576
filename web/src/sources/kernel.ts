/** The source of a notebook's widget: the kernel answers by messages with buffers. */

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
  Problem,
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

type Listener = (message: unknown, buffers: readonly DataView[]) => void;

/** The part of a notebook's widget model that is used here. */
export interface Kernel {
  get(name: string): unknown;
  send(message: unknown, callbacks?: unknown, buffers?: readonly ArrayBuffer[]): void;
  on(event: "msg:custom", listener: Listener): void;
  off(event: "msg:custom", listener: Listener): void;
}

/** What the kernel sends back. */
interface Reply {
  readonly id: number;
  readonly answer?: unknown;
  readonly tensor?: {
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly exact: boolean;
  };
  readonly media?: string;
  readonly problem?: Problem;
}

interface Answer {
  readonly reply: Reply;
  readonly bytes: ArrayBuffer;
}

/** Milliseconds between two questions for a walk's progress. */
const PAUSE = 200;
/** Milliseconds that an answer may take; and that of a question that is much work may. */
const SHORT = 10_000;
const LONG = 300_000;
/** A walk that the kernel has not heard of yet. */
const QUEUED: JobSheet = {
  id: "",
  change: -1,
  state: "queued",
  before: 0,
  stage: "The kernel does not answer: it is busy with another cell, or has stopped",
  done: 0,
  of: 0,
  trace: null,
  notes: [],
  problem: null,
};

/** How a question is put. */
interface Asking {
  readonly signal?: AbortSignal | undefined;
  readonly buffers?: readonly ArrayBuffer[];
  readonly patience?: number;
}

export class KernelSource implements TraceSource, RunSource, DataSource {
  readonly #kernel: Kernel;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    kernel.on("msg:custom", this.#heard);
  }

  /** Listen no more. */
  hangUp(): void {
    this.#kernel.off("msg:custom", this.#heard);
  }

  welcome(signal?: AbortSignal): Promise<Welcome> {
    return this.#asked({ ask: "welcome" }, { signal });
  }

  traces(signal?: AbortSignal): Promise<readonly TraceCard[]> {
    return this.#asked({ ask: "traces" }, { signal });
  }

  sheet(trace: string, signal?: AbortSignal): Promise<TraceSheet> {
    return this.#asked({ ask: "sheet", trace }, { signal });
  }

  tensor({ trace, value, region = "", half = false }: TensorAsk, signal?: AbortSignal) {
    return this.#tensor({ ask: "tensor", trace, value, region, half }, { signal });
  }

  async tensors(
    trace: string,
    asks: readonly TensorAsk[],
    signal?: AbortSignal,
  ): Promise<readonly Tensor[]> {
    const blob = await this.#document({ ask: "tensors", trace, parts: partsOf(asks) }, { signal });
    return unpacked(await blob.arrayBuffer());
  }

  photo(trace: string, signal?: AbortSignal): Promise<Tensor> {
    return this.#tensor({ ask: "photo", trace }, { signal });
  }

  digests(
    trace: string,
    ops: readonly number[],
    order: "strength" | "attribution",
    target: string,
    signal?: AbortSignal,
  ): Promise<readonly Digest[]> {
    return this.#asked({ ask: "digests", trace, ops, order, target }, { signal });
  }

  contributions(
    trace: string,
    op: number,
    sample: number,
    target: string,
    signal?: AbortSignal,
  ): Promise<ContributionSheet> {
    return this.#asked({ ask: "contributions", trace, op, sample, target }, { signal });
  }

  methods(signal?: AbortSignal): Promise<MethodsSheet> {
    return this.#asked({ ask: "methods" }, { signal, patience: LONG });
  }

  async attribution(
    ask: AttributionAsk,
    tell: (job: JobSheet) => void,
    signal?: AbortSignal,
  ): Promise<Attribution> {
    const first = await this.#asked<JobSheet>({ ask: "inquiry", ...ask });
    succeeded(await this.#followed(first, tell, signal));
    const [sheet, heat] = await Promise.all([
      this.#asked<AttributionSheet>({ ask: "attribution", ...ask }, { signal }),
      this.#tensor({ ask: "heat", ...ask }, { signal }),
    ]);
    return { sheet, heat };
  }

  rerun(trace: string, edits: readonly PlainEdit[], signal?: AbortSignal): Promise<EditedSheet> {
    const asked = { ask: "rerun", trace, edits: JSON.stringify(edits) };
    return this.#asked(asked, { signal, patience: LONG });
  }

  editing(signal?: AbortSignal): Promise<EditingSheet> {
    return this.#asked({ ask: "editing" }, { signal });
  }

  async field(
    trace: string,
    op: number,
    output: number,
    at: readonly number[],
    signal?: AbortSignal,
  ): Promise<FieldSheet | undefined> {
    const { reply } = await this.#answer({ ask: "field", trace, op, output, at }, { signal });
    // Not every value is made of the picture, and not every op says how.
    return reply.problem ? undefined : (reply.answer as FieldSheet);
  }

  models(signal?: AbortSignal): Promise<readonly ListedModel[]> {
    return this.#asked({ ask: "models" }, { signal });
  }

  samples(signal?: AbortSignal): Promise<readonly ListedSample[]> {
    return this.#asked({ ask: "samples" }, { signal });
  }

  samplePicture(name: string, signal?: AbortSignal): Promise<Blob> {
    return this.#document({ ask: "sample-picture", name }, { signal });
  }

  async walk(order: Order, tell: (job: JobSheet) => void, signal?: AbortSignal): Promise<JobSheet> {
    const upload = order.picture instanceof File ? order.picture : undefined;
    const request = {
      ask: "walk",
      trace: order.trace ?? "",
      model: order.model ?? "",
      picture: typeof order.picture === "string" ? order.picture : "",
      name: upload?.name ?? "",
    };
    const buffers = upload ? [await upload.arrayBuffer()] : [];
    const busy = setTimeout(() => tell(QUEUED), SHORT);
    const asked = this.#answer(request, { buffers, patience: LONG });
    const first = checked(await asked.finally(() => clearTimeout(busy))).answer as JobSheet;
    return this.#followed(first, tell, signal);
  }

  #followed(
    first: JobSheet,
    tell: (job: JobSheet) => void,
    signal: AbortSignal | undefined,
  ): Promise<JobSheet> {
    return followed(first, {
      next: async (job) => {
        // The kernel answers at once, news or not: it may not wait while cells want to run.
        await new Promise((done) => setTimeout(done, PAUSE));
        try {
          return await this.#asked<JobSheet>(
            { ask: "job", job: job.id, seen: job.change },
            { signal },
          );
        } catch (error) {
          if (!(error instanceof SourceError && error.offline)) throw error;
          return { ...job, stage: QUEUED.stage };
        }
      },
      stop: (job) => this.#answer({ ask: "cancel", job: job.id }),
      tell,
      signal,
    });
  }

  close(trace: string, signal?: AbortSignal): Promise<readonly TraceCard[]> {
    return this.#asked({ ask: "close", trace }, { signal });
  }

  run(run: string, signal?: AbortSignal): Promise<RunSheet> {
    return this.#asked({ ask: "run", run }, { signal });
  }

  series(
    run: string,
    scale: "log" | "linear",
    signal?: AbortSignal,
  ): Promise<readonly SeriesSheet[]> {
    return this.#asked({ ask: "series", run, scale }, { signal, patience: LONG });
  }

  evaluation(run: string, step: number, signal?: AbortSignal): Promise<EvaluationSheet> {
    return this.#asked({ ask: "evaluation", run, step }, { signal });
  }

  mistakes(run: string, step: number, signal?: AbortSignal): Promise<Tensor> {
    return this.#tensor({ ask: "mistakes", run, step }, { signal });
  }

  through(ask: ThroughAsk, signal?: AbortSignal): Promise<Tensor> {
    return this.#tensor({ ask: "through", ...ask }, { signal, patience: LONG });
  }

  why(ask: WhyAsk, signal?: AbortSignal): Promise<WhySheet> {
    return this.#asked({ ask: "why", ...ask }, { signal });
  }

  data(data: string, signal?: AbortSignal): Promise<DataSheet> {
    return this.#asked({ ask: "data", data }, { signal });
  }

  examples(ask: ExamplesAsk, signal?: AbortSignal): Promise<ExamplesSheet> {
    return this.#asked({ ask: "examples", ...ask }, { signal });
  }

  async pictures(
    data: string,
    indices: readonly number[],
    side: number,
    signal?: AbortSignal,
  ): Promise<readonly Tensor[]> {
    const blob = await this.#document({ ask: "pictures", data, indices, side }, { signal });
    return unpacked(await blob.arrayBuffer());
  }

  means(data: string, first: number, count: number, side: number, signal?: AbortSignal) {
    return this.#tensor({ ask: "means", data, first, count, side }, { signal });
  }

  reportSizes(trace: string, signal?: AbortSignal): Promise<readonly ReportSize[]> {
    return this.#asked({ ask: "report-sizes", trace }, { signal });
  }

  report(ask: ReportAsk, _tell: unknown, signal?: AbortSignal): Promise<Blob> {
    return this.#document({ ask: "report", ...ask }, { signal, patience: LONG });
  }

  async #asked<T>(request: object, how?: Asking): Promise<T> {
    return checked(await this.#answer(request, how)).answer as T;
  }

  async #tensor(request: object, how: Asking): Promise<Tensor> {
    const found = await this.#answer(request, how);
    const { tensor } = checked(found);
    if (!tensor) throw new TypeError("the kernel sent no numbers");
    const data = numbersOf(found.bytes, tensor.dtype);
    return { data, shape: tensor.shape, exact: tensor.exact };
  }

  async #document(request: object, how: Asking): Promise<Blob> {
    const found = await this.#answer(request, how);
    return new Blob([found.bytes], { type: checked(found).media ?? "" });
  }

  #answer(
    request: object,
    { signal, buffers = [], patience = SHORT }: Asking = {},
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const id = ++this.#last;
    return new Promise<Answer>((done, fail) => {
      const settle = (how: () => void) => (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        this.#waiting.delete(id);
        how();
      };
      const timer = setTimeout(
        settle(() => fail(silent("no answer came"))),
        patience,
      );
      const abort = settle(() => fail(signal?.reason));
      signal?.addEventListener("abort", abort);
      this.#waiting.set(id, (answer) => settle(() => done(answer))());
      try {
        this.#kernel.send({ id, request }, undefined, buffers);
      } catch (error) {
        settle(() => fail(silent(String(error))))();
      }
    });
  }

  readonly #heard: Listener = (message, buffers) => {
    if (!isReply(message)) return;
    const [view] = buffers;
    const bytes = view
      ? view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)
      : new ArrayBuffer(0);
    this.#waiting.get(message.id)?.({ reply: message, bytes: bytes as ArrayBuffer });
  };
}

/** Nobody answers, for all that can be told from here: a busy kernel is as silent as a dead one. */
function silent(what: string): SourceError {
  const sentence =
    "The notebook's kernel does not answer: it is busy with another cell, or it has stopped. " +
    "If it was started anew, run this cell again.";
  return new SourceError({ what, where: null, mend: "run the cell again", sentence }, true);
}

function checked({ reply }: Answer): Reply {
  if (reply.problem) throw new SourceError(reply.problem);
  return reply;
}

function isReply(message: unknown): message is Reply {
  return typeof message === "object" && message !== null && "id" in message;
}
