/** What is asked about what mattered: of which score, and by which method. */

import type { OpSheet } from "../../wire";
import type { Network } from "../network";

export interface About {
  /** A class by its number, `"207"`, an op's channel, `"relu:2"`, or `""`: the predicted class. */
  readonly target: string;
  /** By which method the map on the picture is made; `""`: the usual one; null: there is no map. */
  readonly method: string | null;
}

export const NOTHING_ASKED: About = { target: "", method: null };

/** As the part of an address behind the `#`. */
export function aboutToAddress({ target, method }: About): [string, string][] {
  const said: [string, string][] = target === "" ? [] : [["target", target]];
  return method === null ? said : [...said, ["mattered", method]];
}

/** What an address asks; a target that this network does not have is left out. */
export function aboutFrom(said: URLSearchParams, network: Network): About {
  const target = said.get("target") ?? "";
  return { target: isKnown(target, network) ? target : "", method: said.get("mattered") };
}

/** That an address asks about what there is not, in a sentence; "" if it does not. */
export function lackingTarget(said: URLSearchParams, network: Network): string {
  const target = said.get("target") ?? "";
  return isKnown(target, network) ? "" : `${network.sheet.name} has no score “${target}”.`;
}

function isKnown(target: string, network: Network): boolean {
  const { prediction } = network.sheet;
  if (target === "") return true;
  const [, name = "", number = ""] = /^(?:(.+):)?(\d+)$/.exec(target) ?? [];
  const op = network.named(name);
  if (op) return channelTarget(network, op, Number(number)) !== undefined;
  const classes = (prediction && network.byId(prediction.value).shape.at(-1)) ?? 0;
  return name === "" && number !== "" && Number(number) < classes;
}

/** The target that a channel of an op is; undefined where its channels are no such thing. */
export function channelTarget(network: Network, op: OpSheet, channel: number): string | undefined {
  const shape = network.value(op.index)?.shape ?? [];
  const fits = shape.length === 2 || (shape.length > 2 && op.channel_axis === 1);
  return fits && channel < (shape[1] ?? 0) ? `${op.name}:${channel}` : undefined;
}

/** A target in words, as Python has them: a class's label, `"relu channel 2"`. */
export function targetWords(network: Network, target: string): string {
  const { labels, prediction } = network.sheet;
  if (target === "") return prediction?.top[0]?.label ?? "";
  const colon = target.lastIndexOf(":");
  const op = colon > 0 && network.named(target.slice(0, colon));
  if (op) return `${op.name} channel ${target.slice(colon + 1)}`;
  return labels?.[Number(target)] ?? `class ${target}`;
}
