/** The source of a report: the numbers in its own file, and what follows from them. */

import { ranked } from "../lib/channels/order";
import { fieldAt } from "../lib/even_field";
import { Network } from "../lib/network";
import { Recomputed } from "../lib/recomputed";
import { regionOf } from "../lib/region";
import {
  type Attribution,
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
  ReportSheet,
  ReportSize,
  StoredTensor,
  TraceCard,
  TraceSheet,
  Welcome,
} from "../wire";
import { storedNumbers } from "./packed";
import { Turns } from "./turns";

const ASK_LIVE = "ask the live explorer, layerwalk serve";

export class EmbeddedSource implements TraceSource {
  readonly #report: ReportSheet;
  readonly #text: (name: string) => string;
  readonly #network: Network;
  readonly #numbers: Recomputed;
  readonly #stored = new Map<number | null, StoredTensor>();
  readonly #inexact: ReadonlySet<number>;
  readonly #turns = new Turns();
  readonly #mend: string;

  /**
   * @param report - Everything but the numbers.
   * @param text - What the script element of a name holds.
   * @param mend - How to come by weights that were left out.
   */
  constructor(
    report: ReportSheet,
    text: (name: string) => string,
    mend = "write it with --keep-weights all",
  ) {
    this.#report = report;
    this.#text = text;
    this.#mend = mend;
    this.#network = new Network(report.sheet);
    for (const tensor of report.tensors) this.#stored.set(tensor.value, tensor);
    this.#inexact = new Set(report.sheet.inexact.map(({ value }) => value));
    this.#numbers = new Recomputed(this.#network, (value) => this.#kept(value));
  }

  async welcome(): Promise<Welcome> {
    return {
      version: this.#report.version,
      walks: false,
      reports: false,
      edits: false,
      upload_limit: 0,
    };
  }

  async traces(): Promise<readonly TraceCard[]> {
    const { id, name, ops, photo } = this.#report.sheet;
    return [
      { id, model: name, picture: photo?.name ?? null, ops: ops.length, bytes: 0, open: true },
    ];
  }

  async sheet(): Promise<TraceSheet> {
    return this.#report.sheet;
  }

  async tensor({ value, region, half }: TensorAsk): Promise<Tensor> {
    if (this.#report.left_out.includes(value)) {
      const { name } = this.#network.byId(value);
      throw absent(`${name} is not in this report`, this.#mend);
    }
    // Only small pictures do with half precision: there are many of them, all asked for at once.
    const whole = (): Promise<Tensor> => this.#numbers.whole(value);
    const tensor = await (half ? this.#turns.later(whole) : this.#turns.now(whole));
    return regionOf(tensor, region ?? "");
  }

  tensors(_trace: string, asks: readonly TensorAsk[]): Promise<readonly Tensor[]> {
    return Promise.all(asks.map((ask) => this.tensor(ask)));
  }

  async photo(): Promise<Tensor> {
    const stored = this.#stored.get(null);
    if (!stored) throw absent("this walk has no picture");
    return this.#decoded(stored, true);
  }

  async digests(
    _trace: string,
    ops: readonly number[],
    order: "strength" | "attribution",
    target: string,
  ): Promise<readonly Digest[]> {
    const wanted = new Set(ops);
    const found = this.#report.digests.filter(({ op }) => wanted.has(op));
    if (order === "strength") return found;
    return Promise.all(
      found.map(async (digest) => {
        const { channels } = await this.contributions("", digest.op, 0, target);
        const first = ranked(channels).slice(0, digest.strongest.length);
        return { ...digest, strongest: first.length > 0 ? first : digest.strongest };
      }),
    );
  }

  async contributions(
    _trace: string,
    op: number,
    sample: number,
    target: string,
  ): Promise<ContributionSheet> {
    const found = sample === 0 && target === "" ? this.#report.contributions[op] : undefined;
    if (!found) throw absent("what channels contributed to this score is not in this report");
    return found;
  }

  async methods(): Promise<MethodsSheet> {
    throw absent("A report cannot ask which pixels mattered", ASK_LIVE);
  }

  async attribution(): Promise<Attribution> {
    throw absent("A report cannot ask which pixels mattered", ASK_LIVE);
  }

  async rerun(): Promise<EditedSheet> {
    throw absent("a report cannot be edited", "run layerwalk serve to change the walk");
  }

  async editing(): Promise<EditingSheet> {
    throw absent("a report cannot be edited", "run layerwalk serve to change the walk");
  }

  async field(
    _trace: string,
    op: number,
    output: number,
    at: readonly number[],
  ): Promise<FieldSheet | undefined> {
    const field = output === 0 ? this.#report.fields[op] : undefined;
    const [input] = this.#network.inputs;
    return field && input ? fieldAt(field, at, input) : undefined;
  }

  async models(): Promise<readonly ListedModel[]> {
    return [];
  }

  async samples(): Promise<readonly ListedSample[]> {
    return [];
  }

  async samplePicture(): Promise<Blob> {
    throw absent("a report has no samples");
  }

  async walk(): Promise<JobSheet> {
    throw absent("a report shows one walk", "run layerwalk serve to walk others");
  }

  async close(): Promise<readonly TraceCard[]> {
    return this.traces();
  }

  async reportSizes(): Promise<readonly ReportSize[]> {
    return [];
  }

  async report(): Promise<Blob> {
    throw absent("this is the report already", "save the page as it is");
  }

  async #kept(value: number): Promise<Tensor | undefined> {
    const stored = this.#stored.get(value);
    return stored && this.#decoded(stored, !this.#inexact.has(value));
  }

  async #decoded(stored: StoredTensor, exact: boolean): Promise<Tensor> {
    return { data: await storedNumbers(stored, this.#text), shape: stored.shape, exact };
  }
}

/** That a report does not hold something. */
export function absent(what: string, mend: string | null = null): SourceError {
  const sentence = mend ? `${what}; ${mend}.` : `${what}.`;
  return new SourceError({ what, where: null, mend, sentence });
}
