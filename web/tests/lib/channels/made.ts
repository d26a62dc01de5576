/** Maps for tests: numbers that look random and are the same each time. */

import { type Maps, mapsOf } from "../../../src/lib/channels/maps";

/** Numbers from -1 to 1. */
export function noise(count: number, seed = 1): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, k) => {
    const wave = Math.sin((k + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 2 * (wave - Math.floor(wave)) - 1;
  });
}

/** The maps of a value of this shape. */
export function made(
  shape: readonly number[],
  {
    numbers,
    axis = 1,
    sample = 0,
  }: { numbers?: Float32Array; axis?: number; sample?: number } = {},
): Maps {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = numbers ?? noise(size);
  return mapsOf(
    { shape: [...shape], dtype: "float32" },
    { data, shape, exact: true },
    { axis, sample },
  );
}
