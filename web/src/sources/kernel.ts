/** The source of a notebook's widget: the kernel answers by messages with buffers. */

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

interface Waiting {
  readonly done: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

export class KernelSource implements TraceSource {
  readonly #kernel: Kernel;
  readonly #waiting = new Map<number, Waiting>();
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
    return this.#asked({ ask: "welcome" }, signal);
  }

  traces(signal?: AbortSignal): Promise<readonly TraceCard[]> {
    return this.#asked({ ask: "traces" }, signal);
  }

  sheet(trace: string, signal?: AbortSignal): Promise<TraceSheet> {
    return this.#asked({ ask: "sheet", trace }, signal);
  }

  tensor({ trace, value, region = "", half = false }: TensorAsk, signal?: AbortSignal) {
    return this.#tensor({ ask: "tensor", trace, value, region, half }, signal);
  }

  photo(trace: string, signal?: AbortSignal): Promise<Tensor> {
    return this.#tensor({ ask: "photo", trace }, signal);
  }

  digests(trace: string, ops: readonly number[], signal?: AbortSignal): Promise<readonly Digest[]> {
    return this.#asked({ ask: "digests", trace, ops }, signal);
  }

  async field(
    trace: string,
    op: number,
    output: number,
    at: readonly number[],
    signal?: AbortSignal,
  ): Promise<FieldSheet | undefined> {
    const { reply } = await this.#answer({ ask: "field", trace, op, output, at }, signal);
    // Not every value is made of the picture, and not every op says how.
    return reply.problem ? undefined : (reply.answer as FieldSheet);
  }

  models(signal?: AbortSignal): Promise<readonly ListedModel[]> {
    return this.#asked({ ask: "models" }, signal);
  }

  samples(signal?: AbortSignal): Promise<readonly ListedSample[]> {
    return this.#asked({ ask: "samples" }, signal);
  }

  samplePicture(name: string, signal?: AbortSignal): Promise<Blob> {
    return this.#document({ ask: "sample-picture", name }, signal);
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
    const first = checked(await this.#answer(request, undefined, buffers)).answer as JobSheet;
    return followed(first, {
      next: async (job) => {
        // The kernel answers at once, news or not: it may not wait while cells want to run.
        await new Promise((done) => setTimeout(done, PAUSE));
        return this.#asked({ ask: "job", job: job.id, seen: job.change }, signal);
      },
      stop: (job) => this.#answer({ ask: "cancel", job: job.id }),
      tell,
      signal,
    });
  }

  close(trace: string, signal?: AbortSignal): Promise<readonly TraceCard[]> {
    return this.#asked({ ask: "close", trace }, signal);
  }

  report(trace: string, detail: Detail, signal?: AbortSignal): Promise<Blob> {
    return this.#document({ ask: "report", trace, detail }, signal);
  }

  async #asked<T>(request: object, signal?: AbortSignal): Promise<T> {
    return checked(await this.#answer(request, signal)).answer as T;
  }

  async #tensor(request: object, signal?: AbortSignal): Promise<Tensor> {
    const found = await this.#answer(request, signal);
    const { tensor } = checked(found);
    if (!tensor) throw new TypeError("the kernel sent no numbers");
    const data = numbersOf(found.bytes, tensor.dtype);
    return { data, shape: tensor.shape, exact: tensor.exact };
  }

  async #document(request: object, signal?: AbortSignal): Promise<Blob> {
    const found = await this.#answer(request, signal);
    return new Blob([found.bytes], { type: checked(found).media ?? "" });
  }

  #answer(
    request: object,
    signal?: AbortSignal,
    buffers: readonly ArrayBuffer[] = [],
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const id = ++this.#last;
    return new Promise<Answer>((done, fail) => {
      this.#waiting.set(id, { done, fail });
      signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
      this.#kernel.send({ id, request }, undefined, buffers);
    });
  }

  readonly #heard: Listener = (message, buffers) => {
    if (!isReply(message)) return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    const [view] = buffers;
    const bytes = view
      ? view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)
      : new ArrayBuffer(0);
    waiting?.done({ reply: message, bytes: bytes as ArrayBuffer });
  };
}

function checked({ reply }: Answer): Reply {
  if (reply.problem) throw new SourceError(reply.problem);
  return reply;
}

function isReply(message: unknown): message is Reply {
  return typeof message === "object" && message !== null && "id" in message;
}
