/** How scores become probabilities. */

/** The two numbers that all probabilities of a softmax share. */
export interface SoftmaxSteps {
  readonly max: number;
  /** Of `exp(score - max)` over all classes, in float64. */
  readonly sum: number;
}

/** The steps of a softmax; the largest score is taken away first, so that nothing overflows. */
export function softmaxSteps(scores: ArrayLike<number>): SoftmaxSteps {
  let max = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < scores.length; k++) max = Math.max(max, scores[k]!);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += Math.exp(scores[k]! - max);
  return { max, sum };
}
