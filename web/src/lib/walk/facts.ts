/** What a card says of its node, in words. */

import type { Digest, ValueSheet } from "../../wire";
import type { Network } from "../network";
import { tellChance, tellCount, tellMaps, tellRange } from "../numerals";
import { type End, opsIn, outputOp, type WalkNode } from "./node";

/** What stands on a card under its pictures. */
export interface Facts {
  readonly name: string;
  /** The shape of its output; `""` where it made none. */
  readonly shape: string;
  /** How many ops it is, or of which kind. */
  readonly size: string;
  /** What stands there when all is to be said: its class or settings, its parameters. */
  readonly more: readonly string[];
  /** For a screen reader: the whole name, then what stands on the card, in that order. */
  readonly spoken: string;
}

/** As many classes as the last card has room for. */
export const MOST_CLASSES = 3;

export function factsOf(node: WalkNode, network: Network): Facts {
  if (node.kind === "input") return inputFacts(network);
  if (node.kind === "end") return endFacts(node);
  const value = network.value(outputOp(node));
  const shape = shapeOf(value);
  const parameters = node.kind === "group" ? node.parameters : node.op.parameters;
  const learned = parameters > 0 ? [tellCount(parameters, "parameter")] : [];
  if (node.kind === "group") {
    const size = tellCount(opsIn(node), "op");
    // A module that ran again says so at the end of its label alone.
    const again = /:\d+$/.exec(node.label)?.[0] ?? "";
    const spoken = said([`${node.path}${again}`, shape, size]);
    return { name: node.label, shape, size, more: [node.type, ...learned], spoken };
  }
  const { op } = node;
  const settings = op.settings.join(", ");
  const outputs = op.outputs.length > 1 ? [`${op.outputs.length} outputs`] : [];
  return {
    name: node.label,
    shape,
    size: op.kind,
    more: [settings, ...outputs, ...learned].filter(Boolean),
    spoken: said([op.name, shape, op.kind]),
  };
}

function inputFacts(network: Network): Facts {
  const { photo } = network.sheet;
  const value = network.value(null);
  const name = photo ? "photo" : "input";
  const more = photo ? [`${photo.width}×${photo.height} pixels`] : [];
  const count = network.inputs.length;
  const size = count > 1 ? `first of ${count} inputs` : photo ? photo.name : "";
  const shape = shapeOf(value);
  return { name, shape, size, more, spoken: said([name, shape, size]) };
}

function endFacts({ prediction, failure, label }: End): Facts {
  if (failure) {
    const spoken = said([label, failure.where, failure.message]);
    return { name: label, shape: "", size: "", more: [], spoken };
  }
  const best = prediction?.top.slice(0, MOST_CLASSES) ?? [];
  const words = best.flatMap((one) => [one.label, tellChance(one.probability)]);
  const spoken = said([label, ...words]);
  return { name: label, shape: "", size: "", more: words.slice(0, 2), spoken };
}

/** What the pictures on a card hold, and how they are coloured. */
export function rangeWords({ low, high, nan, infinite }: Digest): string {
  const range = low === null || high === null ? "no finite number" : tellRange(low, high);
  const flaws = [nan > 0 ? `${nan} NaN` : "", infinite > 0 ? `${infinite} infinite` : ""];
  return [range, ...flaws.filter(Boolean)].join(", ");
}

function shapeOf(value: ValueSheet | undefined): string {
  return value ? tellMaps(value.shape) : "";
}

function said(words: readonly string[]): string {
  return words.filter(Boolean).join(", ");
}
