/**
 * Where the page gets a walk from: the one thing it knows of the world outside.
 *
 * A server answers over HTTP, a notebook's kernel by messages, a report from the bytes in its own
 * file; a fake one makes a small walk up, so that the page lives without Python.
 */

import type { Numbers } from "./lib/recipe/operand";
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

export type Detail = "exact" | "half" | "compact";

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
  /** The pixels of the picture: (H, W, channels), 0 to 255. */
  photo(trace: string, signal?: AbortSignal): Promise<Tensor>;
  digests(trace: string, ops: readonly number[], signal?: AbortSignal): Promise<readonly Digest[]>;
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
  report(trace: string, detail: Detail, signal?: AbortSignal): Promise<Blob>;
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
