/** Where a number and what it was made of lie on their maps. */

import type { ValueSheet } from "../../wire";
import type { Network } from "../network";
import { type Planes, planesOf } from "../planes";
import type { Operand } from "../recipe/operand";
import { keysOf } from "./contributions";
import { type Explanation, inputOf, placeOf } from "./explanation";
import { largest } from "./ranking";
import { type Box, boxAbout } from "./receptive_field";
import { channelName, type Plane, type Window } from "./window";

/** A box on a channel's map of a value. */
export interface Place {
  readonly value: ValueSheet;
  readonly planes: Planes;
  readonly held: Operand;
  readonly channel: number;
  readonly box: Box;
  readonly words: string;
}

/** The maps of a value where a position lies; undefined where it has no maps. */
export function mapsOf(
  network: Network,
  value: ValueSheet,
  at: readonly number[],
): Planes | undefined {
  const planes = planesOf(value.shape, network.channelAxis(value), { sample: at[0] ?? 0, at });
  return planes.layout !== "vector" && planes.height * planes.width > 1 ? planes : undefined;
}

/** One number on the map of its own value. */
export function ownPlace(
  network: Network,
  value: ValueSheet,
  held: Operand,
  at: readonly number[],
): Place | undefined {
  const planes = mapsOf(network, value, at);
  const spot = planes?.spot(at);
  if (!planes || !spot || held.start !== undefined) return undefined;
  const box = { y: spot.y, x: spot.x, height: 1, width: 1 };
  const channel = planes.layout === "plane" ? "" : `channel ${spot.channel}`;
  return { value, planes, held, channel: spot.channel, box, words: channel };
}

/** What a number was made of, on the map of the input: its window, or the strongest of its terms. */
export function inputPlace(
  explanation: Explanation,
  window: Window | undefined,
  plane: Plane | undefined,
): Place | undefined {
  const { outcome } = explanation;
  if (window && plane) {
    const value = explanation.inputs[window.input]!;
    const words = plane.channel.length > 0 ? `channel ${channelName(plane.channel)}` : "";
    const cells = plane.places.filter((place) => place.length > 0);
    return placed(explanation, value, window.input, cells, words);
  }
  const { terms } = outcome;
  const first = terms.factors.find((factor) => {
    const { role, shape } = inputOf(explanation, factor);
    return (role === "result" || role === "input") && shape.length > 2;
  });
  if (!first || terms.count === 0) return undefined;
  const value = inputOf(explanation, first);
  const [most = 0] = largest(keysOf(explanation), 1);
  const found = placed(explanation, value, first.operand, [placeOf(first, most)], "");
  if (!found) return undefined;
  const which = outcome.combine === "min" ? "smallest" : "largest";
  const words = [
    ...(found.planes.layout === "plane" ? [] : [`channel ${found.channel}`]),
    ...(terms.count > 1 ? [`the ${which} term`] : []),
  ].join(", ");
  return { ...found, words };
}

function placed(
  { network, operands }: Explanation,
  value: ValueSheet,
  input: number,
  cells: readonly (readonly number[])[],
  words: string,
): Place | undefined {
  const held = operands[input];
  const inside = cells.find((cell) =>
    value.shape.every((length, k) => cell[k]! >= 0 && cell[k]! < length),
  );
  if (!held || held.start !== undefined || !inside) return undefined;
  const planes = mapsOf(network, value, inside);
  const spot = planes?.spot(inside);
  if (!planes || !spot) return undefined;
  const spots = cells.flatMap((cell) => {
    const found = planes.spot(cell);
    return found ? [[found.y, found.x]] : [];
  });
  const box = boxAbout(spots, [planes.height, planes.width]);
  return box && { value, planes, held, channel: spot.channel, box, words };
}
