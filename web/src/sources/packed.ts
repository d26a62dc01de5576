/** The numbers of a report: base64 of deflated, shuffled bytes, decoded when they are wanted. */

import type { Numbers } from "../lib/recipe/operand";
import { strides } from "../lib/recipe/operand";
import type { StoredTensor } from "../wire";
import { numbersOf } from "./numbers";

/** The bytes that a text stands for, in their order before they were shuffled. */
export async function unpacked(text: string, width: number): Promise<ArrayBuffer> {
  const stream = new Blob([fromBase64(text)])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  const shuffled = new Uint8Array(await new Response(stream).arrayBuffer());
  const bytes = new Uint8Array(shuffled.length);
  const count = shuffled.length / width;
  for (let part = 0; part < width; part++) {
    const from = part * count;
    for (let k = 0; k < count; k++) bytes[k * width + part] = shuffled[from + k]!;
  }
  return bytes.buffer;
}

/** The bytes of a text in base64; newer browsers know how by themselves, many times as fast. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as { fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };
  if (native.fromBase64) return native.fromBase64(text);
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let k = 0; k < letters.length; k++) bytes[k] = letters.charCodeAt(k);
  return bytes;
}

const WIDTHS: Readonly<Record<string, number>> = {
  float64: 8,
  int64: 8,
  uint64: 8,
  float32: 4,
  int32: 4,
  uint32: 4,
  float16: 2,
  int16: 2,
  uint16: 2,
  int8: 1,
  uint8: 1,
};

/**
 * The numbers of a stored tensor.
 *
 * @param text - What the report's script element of a name holds.
 */
export async function storedNumbers(
  { place, shape, dtype, channels }: StoredTensor,
  text: (name: string) => string,
): Promise<Numbers> {
  const name = `layerwalk-${place}`;
  const numbers = numbersOf(await unpacked(text(name), WIDTHS[dtype] ?? 1), dtype);
  if (channels === null) return numbers;
  const scales = new Float32Array(await unpacked(text(`${name}-scales`), 4));
  return fromLevels(numbers, scales, shape, channels);
}

/** Levels as numbers: each channel has a lowest number and a step from level to level. */
function fromLevels(
  levels: Numbers,
  scales: Float32Array,
  shape: readonly number[],
  axis: number,
): Float32Array {
  const made = new Float32Array(levels.length);
  const single = shape.length < 3;
  const stride = single ? levels.length : strides(shape)[axis]!;
  const length = single ? 1 : shape[axis]!;
  for (let k = 0; k < levels.length; k++) {
    const channel = Math.floor(k / stride) % length;
    made[k] = Math.fround(levels[k]! * scales[2 * channel + 1]!) + scales[2 * channel]!;
  }
  return made;
}
