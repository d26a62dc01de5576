/** A source that makes a small walk up: the whole page lives without Python. */

import { digestOf } from "../lib/digest";
import { Network } from "../lib/network";
import { Recomputed } from "../lib/recomputed";
import { regionOf } from "../lib/region";
import { softmaxSteps } from "../lib/softmax";
import {
  type Attribution,
  type Order,
  type PlainEdit,
  SourceError,
  type Tensor,
  type TensorAsk,
  type TraceSource,
} from "../source";
import type {
  ContributionSheet,
  Digest,
  EditedSheet,
  EditingSheet,
  FieldSheet,
  JobSheet,
  ListedModel,
  ListedSample,
  MethodsSheet,
  Prediction,
  ReportSize,
  TraceCard,
  TraceSheet,
  Welcome,
} from "../wire";
import { type MadeUp, madeUp } from "./made_up_network";

export class FakeSource implements TraceSource {
  readonly #made: MadeUp;
  readonly #network: Network;
  readonly #numbers: Recomputed;

  constructor() {
    this.#made = madeUp();
    this.#network = new Network(this.#made.sheet);
    this.#numbers = new Recomputed(this.#network, async (id) => this.#made.tensors.get(id));
  }

  async welcome(): Promise<Welcome> {
    return { version: "made up", walks: true, reports: false, edits: false, upload_limit: 2 ** 20 };
  }

  async traces(): Promise<readonly TraceCard[]> {
    const { id, name, ops, photo } = this.#made.sheet;
    return [
      { id, model: name, picture: photo?.name ?? null, ops: ops.length, bytes: 0, open: true },
    ];
  }

  async sheet(trace: string): Promise<TraceSheet> {
    if (trace !== this.#made.sheet.id) throw nothing(`there is no walk "${trace}"`);
    return { ...this.#made.sheet, prediction: await this.#prediction() };
  }

  async tensor({ value, region }: TensorAsk): Promise<Tensor> {
    return regionOf(await this.#numbers.whole(value), region ?? "");
  }

  tensors(_trace: string, asks: readonly TensorAsk[]): Promise<readonly Tensor[]> {
    return Promise.all(asks.map((ask) => this.tensor(ask)));
  }

  async photo(): Promise<Tensor> {
    return this.#made.photo;
  }

  async contributions(): Promise<ContributionSheet> {
    throw nothing("a made-up walk has no gradients");
  }

  async methods(): Promise<MethodsSheet> {
    throw nothing("a made-up walk has no gradients");
  }

  async attribution(): Promise<Attribution> {
    throw nothing("a made-up walk has no gradients");
  }

  async rerun(_trace: string, _edits: readonly PlainEdit[]): Promise<EditedSheet> {
    throw nothing("a made-up walk cannot be edited");
  }

  async editing(): Promise<EditingSheet> {
    throw nothing("a made-up walk cannot be edited");
  }

  async digests(_trace: string, ops: readonly number[]): Promise<readonly Digest[]> {
    return Promise.all(
      ops.map(async (index) => {
        const op = this.#network.op(index);
        return digestOf(op, await this.#numbers.whole(op.outputs[0]!));
      }),
    );
  }

  async field(): Promise<FieldSheet | undefined> {
    return undefined;
  }

  async models(): Promise<readonly ListedModel[]> {
    const size = [3, 32, 32] as [number, number, number];
    return [
      {
        name: "made_up",
        source: "built-in",
        parameters: 852,
        input_size: size,
        note: "for trying",
      },
    ];
  }

  async samples(): Promise<readonly ListedSample[]> {
    return [{ name: "rings", title: "Rings", licence: "CC0-1.0", author: "nobody", source: "" }];
  }

  async samplePicture(): Promise<Blob> {
    const { data, shape } = this.#made.photo;
    const [height = 1, width = 1] = shape;
    const canvas = new OffscreenCanvas(width, height);
    const picture = new ImageData(width, height);
    for (let k = 0; k < width * height; k++) {
      picture.data.set([data[3 * k]!, data[3 * k + 1]!, data[3 * k + 2]!, 255], 4 * k);
    }
    canvas.getContext("2d")?.putImageData(picture, 0, 0);
    return canvas.convertToBlob();
  }

  async walk(_order: Order, tell: (job: JobSheet) => void): Promise<JobSheet> {
    const job: JobSheet = {
      id: "job",
      change: 1,
      state: "done",
      before: 0,
      stage: "done",
      done: 1,
      of: 1,
      trace: this.#made.sheet.id,
      notes: ["This page makes its walk up: it is always the same one."],
      problem: null,
    };
    tell(job);
    return job;
  }

  async close(): Promise<readonly TraceCard[]> {
    return this.traces();
  }

  async reportSizes(): Promise<readonly ReportSize[]> {
    return [];
  }

  async report(): Promise<Blob> {
    throw nothing("a made-up walk has no report");
  }

  async #prediction(): Promise<Prediction> {
    const [value = 0] = this.#made.sheet.outputs;
    const { data } = await this.#numbers.whole(value);
    const { max, sum } = softmaxSteps(data);
    const top = (this.#made.sheet.labels ?? []).map((label, number) => {
      const score = data[number] ?? 0;
      return { number, label, score, probability: Math.exp(score - max) / sum };
    });
    return { value, made: "softmax", top: top.sort((a, b) => b.probability - a.probability) };
  }
}

function nothing(what: string): SourceError {
  return new SourceError({ what, where: null, mend: null, sentence: `${what}.` });
}
