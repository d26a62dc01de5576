/** Raw bytes as numbers, by the name of their type. */

import type { Numbers } from "../lib/recipe/operand";

/**
 * The numbers in little-endian bytes. Half precision becomes float32, and 64-bit whole numbers
 * become doubles (exact to 2^53).
 *
 * @throws RangeError for a type that is not known.
 */
export function numbersOf(bytes: ArrayBuffer, dtype: string): Numbers {
  switch (dtype) {
    case "float32":
      return new Float32Array(bytes);
    case "float64":
      return new Float64Array(bytes);
    case "float16":
      return widened(new Uint16Array(bytes));
    case "uint8":
    case "bool":
      return new Uint8Array(bytes);
    case "int8":
      return new Int8Array(bytes);
    case "int16":
      return new Int16Array(bytes);
    case "uint16":
      return new Uint16Array(bytes);
    case "int32":
      return new Int32Array(bytes);
    case "uint32":
      return new Uint32Array(bytes);
    case "int64":
      return Float64Array.from(new BigInt64Array(bytes), Number);
    case "uint64":
      return Float64Array.from(new BigUint64Array(bytes), Number);
    default:
      throw new RangeError(`numbers of type "${dtype}" are not known here`);
  }
}

/** Half precision as float32, exactly. */
export function widened(halves: Uint16Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  if ("Float16Array" in globalThis) {
    return new Float32Array(new Float16Array(halves.buffer, halves.byteOffset, halves.length));
  }
  const words = table();
  const bits = new Uint32Array(halves.length);
  for (let k = 0; k < halves.length; k++) bits[k] = words[halves[k]!]!;
  return new Float32Array(bits.buffer);
}

let made: Uint32Array | undefined;

/** The bits of the float32 that each of the 65,536 halves stands for. */
function table(): Uint32Array {
  if (made) return made;
  const numbers = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 31) {
      numbers[bits] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    } else {
      const least = exponent === 0;
      numbers[bits] =
        sign * (least ? fraction : 1024 + fraction) * 2 ** ((least ? 1 : exponent) - 25);
    }
  }
  made = new Uint32Array(numbers.buffer);
  return made;
}
