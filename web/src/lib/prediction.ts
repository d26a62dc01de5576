/** The most probable classes of one picture of a batch, from its scores. */

import type { Prediction } from "../wire";
import { softmaxSteps } from "./softmax";

/** As many as a server lists. */
const MOST = 20;

/**
 * What {@link Prediction} says of the first picture, of the one that these scores are of.
 *
 * @param scores - One for each class.
 */
export function predictionOf(
  { value, made }: Prediction,
  scores: ArrayLike<number>,
  labels: readonly string[] | null,
  most = MOST,
): Prediction {
  const { max, sum } = softmaxSteps(scores);
  const chance = (score: number): number =>
    made === "given" ? score : made === "exp" ? Math.exp(score) : Math.exp(score - max) / sum;
  const named = labels?.length === scores.length ? labels : undefined;
  const all = Array.from({ length: scores.length }, (_, number) => {
    const score = scores[number]!;
    const label = named?.[number] ?? `class ${number}`;
    return { number, label, score, probability: chance(score) };
  });
  all.sort((one, other) => other.probability - one.probability || one.number - other.number);
  return { value, made, top: all.slice(0, most) };
}
