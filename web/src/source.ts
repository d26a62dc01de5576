/**
 * Where the page gets a walk from: the one thing it knows of the world outside.
 *
 * A server answers over HTTP, a notebook's kernel by messages, a report from the bytes in its own
 * file; a fake one makes a small walk up, so that the page lives without Python.
 */

import type { Numbers } from "./lib/recipe/operand";
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
  /** A file of the user's, or a name: `"sample:dog"`, or of a data set `"data:ID/17"`. */
  readonly picture?: File | string;
}

/** Which pixels mattered: to what, and by which method; a target is `About`'s. */
export interface AttributionAsk {
  readonly trace: string;
  readonly method: string;
  readonly target: string;
  readonly sample: number;
}

/** What was found, and the map of it: (height, width), on its own grid. */
export interface Attribution {
  readonly sheet: AttributionSheet;
  readonly heat: Tensor;
}

/** A part of a value at every stored step of a run, up to one. */
export interface ThroughAsk {
  readonly run: string;
  readonly value: number;
  readonly region: string;
  readonly until: number;
}

/** One number of a parameter, and a stored step. */
export interface WhyAsk {
  readonly run: string;
  readonly parameter: string;
  readonly index: readonly number[];
  readonly step: number;
}

/** Which report of which trace; of all steps of a run, where its id is given. */
export type ReportAsk = Pick<ReportSize, "detail" | "weights"> & { readonly trace: string };

/** An edit as Python's `Edits.plain()` has it: `{"do": "silence", "op": "relu", "channels": [2]}`. */
export interface PlainEdit {
  readonly do: string;
  readonly name?: string;
  readonly [field: string]: unknown;
}

/** Answers about recorded trainings. */
export interface RunSource {
  /** What there is of a recorded training by now. */
  run(run: string, signal?: AbortSignal): Promise<RunSheet>;
  /** How everything that was measured went; thinned for a drawing along this scale. */
  series(
    run: string,
    scale: "log" | "linear",
    signal?: AbortSignal,
  ): Promise<readonly SeriesSheet[]>;
  /** What the network got right and wrong after a step. */
  evaluation(run: string, step: number, signal?: AbortSignal): Promise<EvaluationSheet>;
  /** The pictures of its worst mistakes: (count, H, W, channels), 0 to 255. */
  mistakes(run: string, step: number, signal?: AbortSignal): Promise<Tensor>;
  /** The numbers of a part of a value at every stored step, which is the first axis. */
  through(ask: ThroughAsk, signal?: AbortSignal): Promise<Tensor>;
  /** How the optimiser changed a weight after a step. */
  why(ask: WhyAsk, signal?: AbortSignal): Promise<WhySheet>;
}

/** A part of the pictures of a data set, in an order. */
export interface ExamplesAsk {
  readonly data: string;
  readonly first: number;
  readonly count: number;
  /** Of this class only. */
  readonly label?: number | undefined;
  /** Shuffled by this seed. */
  readonly seed?: number | undefined;
  /** A picture whose place in the order is wanted, too. */
  readonly find?: number | undefined;
}

/** Answers about data sets. */
export interface DataSource {
  /** A data set, counted as far as it is. */
  data(data: string, signal?: AbortSignal): Promise<DataSheet>;
  examples(ask: ExamplesAsk, signal?: AbortSignal): Promise<ExamplesSheet>;
  /** Levels, (H, W, channels); of larger ones than `side` some rows and columns, where it is not 0. */
  pictures(
    data: string,
    indices: readonly number[],
    side: number,
    signal?: AbortSignal,
  ): Promise<readonly Tensor[]>;
  /** The mean pictures of some classes, in levels: (classes, H, W, channels). */
  means(
    data: string,
    first: number,
    count: number,
    side: number,
    signal?: AbortSignal,
  ): Promise<Tensor>;
}

/**
 * Answers the page. Every method may fail with a {@link SourceError}, and ends with the signal's
 * reason where one is given and aborted.
 */
export interface TraceSource extends Partial<RunSource>, Partial<DataSource> {
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
    target: string,
    signal?: AbortSignal,
  ): Promise<readonly Digest[]>;
  /** What the channels of an op contributed to a score. */
  contributions(
    trace: string,
    op: number,
    sample: number,
    target: string,
    signal?: AbortSignal,
  ): Promise<ContributionSheet>;
  /** By which methods it can be found out which pixels mattered. */
  methods(signal?: AbortSignal): Promise<MethodsSheet>;
  /** Finds out which pixels mattered, and tells how it gets on. */
  attribution(
    ask: AttributionAsk,
    tell: (job: JobSheet) => void,
    signal?: AbortSignal,
  ): Promise<Attribution>;
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
