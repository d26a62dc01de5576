/**
 * Where the page gets a walk from: the one thing it knows of the world outside.
 *
 * A server answers over HTTP, a notebook's kernel by messages, a report from the bytes in its own
 * file; a fake one makes a small walk up, so that the page lives without Python.
 */

import type { Numbers } from "./lib/recipe/operand";
import type {
  ContributionSheet,
  Digest,
  EditedSheet,
  EditingSheet,
  FieldSheet,
  JobSheet,
  ListedModel,
  ListedSample,
  Problem,
  ReportSize,
  TraceCard,
  TraceSheet,
  Welcome,
} from "./wire";

/** Numbers with a shape, in row-major order. */
export interface Tensor {
  readonly data: Numbers;
  readonly shape: readonly number[];
  /** Whether these are the recorded numbers, bit for bit (or as exactly as the report has them). */
  readonly exact: boolean;
}

/** Which part of a value is wanted. */
export interface TensorAsk {
  readonly trace: string;
  readonly value: number;
  /** Places and `first:stop` by dimension, `"0,3:5"`; empty for all of it. */
  readonly region?: string;
  /** Whether half precision will do: for a picture, never for arithmetic. */
  readonly half?: boolean;
}

/** What to walk through what; what is absent is taken from the trace. */
export interface Order {
  readonly trace?: string;
  readonly model?: string;
  /** A file of the user's, or the name of a sample: `"sample:dog"`. */
  readonly picture?: File | string;
}

/** Which report of which trace. */
export type ReportAsk = Pick<ReportSize, "detail" | "weights"> & { readonly trace: string };

/** An edit as Python's `Edits.plain()` has it: `{"do": "silence", "op": "relu", "channels": [2]}`. */
export interface PlainEdit {
  readonly do: string;
  readonly name?: string;
  readonly [field: string]: unknown;
}

/**
 * Answers the page. Every method may fail with a {@link SourceError}, and ends with the signal's
 * reason where one is given and aborted.
 */
export interface TraceSource {
  welcome(signal?: AbortSignal): Promise<Welcome>;
  /** The open traces, the newest first. */
  traces(signal?: AbortSignal): Promise<readonly TraceCard[]>;
  sheet(trace: string, signal?: AbortSignal): Promise<TraceSheet>;
  tensor(ask: TensorAsk, signal?: AbortSignal): Promise<Tensor>;
  /** Several tensors of one trace, asked for together. */
  tensors(
    trace: string,
    asks: readonly TensorAsk[],
    signal?: AbortSignal,
  ): Promise<readonly Tensor[]>;
  /** The pixels of the picture: (H, W, channels), 0 to 255. */
  photo(trace: string, signal?: AbortSignal): Promise<Tensor>;
  /** What ops hold, in short; their first channels are the strongest, or those that mattered. */
  digests(
    trace: string,
    ops: readonly number[],
    order: "strength" | "attribution",
    signal?: AbortSignal,
  ): Promise<readonly Digest[]>;
  /** What the channels of an op contributed to the score of the best class. */
  contributions(
    trace: string,
    op: number,
    sample: number,
    signal?: AbortSignal,
  ): Promise<ContributionSheet>;
  /** The walk computed again with edits; fails where one does not fit. */
  rerun(trace: string, edits: readonly PlainEdit[], signal?: AbortSignal): Promise<EditedSheet>;
  /** What edits can be made of. */
  editing(signal?: AbortSignal): Promise<EditingSheet>;
  /** The receptive field of one value; undefined where this source cannot tell it. */
  field(
    trace: string,
    op: number,
    output: number,
    at: readonly number[],
    signal?: AbortSignal,
  ): Promise<FieldSheet | undefined>;
  models(signal?: AbortSignal): Promise<readonly ListedModel[]>;
  samples(signal?: AbortSignal): Promise<readonly ListedSample[]>;
  /** A sample's picture, small. */
  samplePicture(name: string, signal?: AbortSignal): Promise<Blob>;
  /** Walks, tells how it gets on, and gives back the last sheet: done, failed or cancelled. */
  walk(order: Order, tell: (job: JobSheet) => void, signal?: AbortSignal): Promise<JobSheet>;
  /** The trace is not needed any more. */
  close(trace: string, signal?: AbortSignal): Promise<readonly TraceCard[]>;
  /** How large each report would be, about. */
  reportSizes(trace: string, signal?: AbortSignal): Promise<readonly ReportSize[]>;
  /** Writes a report; tells how many bytes of it have come, where they come one after another. */
  report(ask: ReportAsk, tell: (bytes: number) => void, signal?: AbortSignal): Promise<Blob>;
}

/** Why a source could not answer, in a sentence for the user. */
export class SourceError extends Error {
  readonly problem: Problem;
  /** Whether trying again may help: nobody answered at all. */
  readonly offline: boolean;

  constructor(problem: Problem, offline = false) {
    super(problem.sentence);
    this.name = "SourceError";
    this.problem = problem;
    this.offline = offline;
  }
}
