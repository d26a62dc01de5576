/** The number that the panel shows: hovered over, or else chosen; and all that it needs. */

import { Explainer, sentenceOf, type Told } from "../../lib/cell/explainer";
import { type Holding, holdingOf } from "../../lib/cell/holding";
import { type PhotoField, photoField } from "../../lib/cell/receptive_field";
import { channelName, planeOf, strongest, type Window, windowOf } from "../../lib/cell/window";
import type { Operand } from "../../lib/recipe/operand";
import type { Cell } from "../../lib/selection";
import type { Tensor } from "../../source";
import type { View } from "../../view.svelte";
import { Example } from "./example.svelte";

/** So long a number has to be looked at before its receptive field is asked for, in ms. */
const PAUSE = 40;
/** So many fields are remembered. */
const FIELDS = 2000;

/** Make it while a component is set up: it lives as long as that. */
export class ShownCell {
  readonly #view: View;
  /** Grows when something has arrived. */
  #arrived = $state(0);
  #photo = $state.raw<Tensor>();
  #field = $state.raw<PhotoField | "asked">();
  /** The channel of the window that the user chose, and of which op. */
  #chosen = $state.raw<{ readonly of: string; readonly name: string }>();
  #inputFailure = $state.raw<string>();
  /** What was told last, and of what: it stays until the same number with other edits is here. */
  #told: { readonly of: string; readonly told: Told } | undefined;
  #numbers: { readonly of: string; readonly held: Operand } | undefined;
  /** The walk whose photo is shown. */
  #photoOf: string | undefined;
  readonly #fields = new Map<string, PhotoField | undefined>();

  readonly #example: Example;
  /** The user's position, where it is one of the value's. */
  readonly #own = $derived.by(() => {
    const { network, hovered, selection } = this.#view;
    const at = hovered ?? selection.at;
    const shape = network?.value(selection.op, selection.output)?.shape;
    const fits = shape?.length === at?.length && shape?.every((length, k) => at![k]! < length);
    return at && fits ? at : undefined;
  });
  /** What is shown for want of a number that the user chose. */
  readonly example = $derived.by(() => (this.#own ? undefined : this.#example.cell));
  readonly #op = $derived.by(() => (this.example ?? this.#view.selection).op);
  readonly #output = $derived.by(() => (this.example ?? this.#view.selection).output);
  readonly value = $derived.by(() => this.#view.network?.value(this.#op, this.#output));
  readonly at = $derived.by(() => this.#own ?? this.example?.at);

  readonly #root = $derived.by(() => this.#view.network?.root);
  readonly #photoHome = $derived.by(() =>
    this.#root?.sheet.photo ? this.#view.network?.photoHome : undefined,
  );

  /** Of which output something is told, whatever edits were made. */
  readonly #subject = $derived.by(
    () => `${this.#view.network?.root.id}/${this.#op}/${this.#output}`,
  );

  readonly explainer = $derived.by(() => {
    const { network, tensors } = this.#view;
    const op = this.#op;
    return network && op !== null && this.value
      ? new Explainer(network, network.op(op), this.#output, tensors)
      : undefined;
  });

  /** Of the network's input, which no op made. */
  readonly #input: Holding | undefined = $derived.by(() => {
    const { network, tensors } = this.#view;
    if (!network || this.#op !== null || !this.value) return undefined;
    return holdingOf(tensors, network.home(this.value.id), this.value);
  });

  /** What can be told; undefined while it is fetched. */
  readonly told: Told | undefined = $derived.by(() => {
    const { at } = this;
    if (!at) return undefined;
    const of = `${this.#subject}/${at}`;
    const told = this.#tell(at);
    if (told) this.#told = { of, told };
    return this.#told?.of === of ? this.#told.told : undefined;
  });

  readonly explanation = $derived(
    this.told?.kind === "explained" ? this.told.explanation : undefined,
  );
  readonly window = $derived(this.explanation && windowOf(this.explanation));

  /** Which channel of the window is shown: the user's, or else the strongest. */
  readonly channel = $derived.by(() => {
    const { explanation, window } = this;
    if (!explanation || !window) return 0;
    const wanted = this.#chosen?.of === this.#subject ? this.#chosen.name : undefined;
    const found = window.channels.findIndex((channel) => channelName(channel) === wanted);
    return found >= 0 ? found : strongest(explanation, window);
  });

  readonly plane = $derived(
    this.explanation && this.window && planeOf(this.explanation, this.window, this.channel),
  );

  /** All numbers of the value, where they are here. */
  readonly numbers: Operand | undefined = $derived.by(() => {
    void this.told;
    const held = this.explainer ? this.explainer.numbers : this.#input?.operand;
    const of = this.#subject;
    if (held && held.start === undefined) this.#numbers = { of, held };
    return this.#numbers?.of === of ? this.#numbers.held : undefined;
  });

  readonly cell: Cell | undefined = $derived(
    this.at && { op: this.#op, output: this.#output, at: this.at },
  );

  /** @param hasRoom - Whether a number may be shown that nobody asked for. */
  constructor(view: View, hasRoom: () => boolean) {
    this.#view = view;
    this.#example = new Example(view, hasRoom);
    $effect(() => this.#fetchNumbers());
    $effect(() => this.#fetchPhoto());
    $effect(() => this.#fetchField());
  }

  get photo(): Tensor | undefined {
    return this.#photo;
  }

  /** The receptive field; undefined where it is not known. */
  get field(): PhotoField | "asked" | undefined {
    return this.#field;
  }

  /** Show this channel of the window; once more: the strongest again. */
  choose(window: Window, channel: number): void {
    const name = channelName(window.channels[channel] ?? []);
    const again = this.#chosen?.of === this.#subject && this.#chosen.name === name;
    this.#chosen = again ? undefined : { of: this.#subject, name };
  }

  /** Stay with the channel that is shown, though another may become the strongest. */
  pin(): void {
    const name = channelName(this.window?.channels[this.channel] ?? []);
    this.#chosen = { of: this.#subject, name };
  }

  /** Fetch also what is large. */
  insist(): void {
    this.explainer?.allow();
    this.#arrived++;
  }

  #tell(at: readonly number[]): Told | undefined {
    void this.#arrived;
    const { explainer } = this;
    if (explainer) return explainer.ready(at) ? explainer.tell(at) : undefined;
    const recorded = this.#input?.number(at);
    const why = recorded === undefined ? this.#inputFailure : "";
    return why === undefined ? undefined : { kind: "recorded", recorded, why };
  }

  #fetchNumbers(): undefined | (() => void) {
    void this.#arrived;
    const { at, explainer } = this;
    const needed = explainer ?? this.#input;
    if (!at || !needed) return undefined;
    if (explainer ? explainer.ready(at) : this.#input?.has(at)) return undefined;
    let current = true;
    this.#inputFailure = undefined;
    needed.fetch(at).then(
      () => {
        if (current) this.#arrived++;
      },
      (error: unknown) => {
        if (current) this.#inputFailure = sentenceOf(error);
      },
    );
    return () => {
      current = false;
    };
  }

  #fetchPhoto(): undefined | (() => void) {
    const { source } = this.#view;
    const home = this.#photoHome;
    // What was painted over takes its place when it is here.
    if (this.#photoOf !== this.#root?.id) this.#photo = undefined;
    this.#photoOf = this.#root?.id;
    this.#fields.clear();
    if (home === undefined) return undefined;
    const stop = new AbortController();
    source.photo(home, stop.signal).then(
      (photo) => {
        this.#photo = photo;
      },
      (error: unknown) => {
        if (!stop.signal.aborted) this.#view.complain(error);
      },
    );
    return () => stop.abort();
  }

  #fetchField(): undefined | (() => void) {
    const { network, source } = this.#view;
    const photo = network?.sheet.photo;
    const { at, cell } = this;
    if (!network || !photo || !at || !cell) {
      this.#field = undefined;
      return undefined;
    }
    if (cell.op === null) {
      this.#field = ownPixel(at, this.value?.shape ?? [], photo);
      return undefined;
    }
    const op = cell.op;
    const key = `${network.fieldHome}/${op}/${cell.output}/${at}`;
    if (this.#fields.has(key)) {
      this.#field = this.#fields.get(key);
      return undefined;
    }
    this.#field = "asked";
    const stop = new AbortController();
    const wait = setTimeout(() => {
      source.field(network.fieldHome, op, cell.output, at, stop.signal).then(
        (sheet) => {
          if (stop.signal.aborted) return;
          this.#field = sheet && photoField(sheet, photo);
          if (this.#fields.size > FIELDS) this.#fields.clear();
          this.#fields.set(key, this.#field);
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          this.#field = undefined;
          this.#view.complain(error);
        },
      );
    }, PAUSE);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }
}

function ownPixel(
  at: readonly number[],
  shape: readonly number[],
  photo: { readonly height: number; readonly width: number },
): PhotoField | undefined {
  const [y = 0, x = 0] = at.slice(-2);
  if (shape.at(-2) !== photo.height || shape.at(-1) !== photo.width) return undefined;
  return { box: { y, x, height: 1, width: 1 }, words: "1×1 px" };
}
