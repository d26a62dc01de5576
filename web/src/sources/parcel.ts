/** Several tensors in one answer, as `AskTensors` has them. */

import type { Tensor, TensorAsk } from "../source";
import { numbersOf } from "./numbers";

/** Every tensor begins at a multiple of so many bytes. */
const STEP = 8;
const BYTES: Readonly<Record<string, number>> = { bool: 1, int8: 1, uint8: 1 };

type Head = readonly (readonly [shape: readonly number[], dtype: string, exact: boolean])[];

/** What is asked for, as it is written down. */
export function partsOf(asks: readonly TensorAsk[]): string {
  return JSON.stringify(
    asks.map(({ value, region, half }) => [value, region ?? "", half ?? false]),
  );
}

/** The tensors in the bytes of an answer. */
export function unpacked(bytes: ArrayBuffer): Tensor[] {
  const length = new DataView(bytes).getUint32(0, true);
  const head: Head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length)));
  let at = 4 + length;
  return head.map(([shape, dtype, exact]) => {
    const start = Math.ceil(at / STEP) * STEP;
    const size = shape.reduce((product, side) => product * side, 1);
    at = start + size * (BYTES[dtype] ?? Number(/\d+$/.exec(dtype)?.[0]) / 8);
    return { data: numbersOf(bytes.slice(start, at), dtype), shape, exact };
  });
}
