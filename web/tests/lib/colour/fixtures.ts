/** The colours that Layerwalk's figures give, as scripts/colour_fixtures.py writes them. */

import { readFileSync } from "node:fs";
import type { MapName, Scale } from "../../../src/lib/colour";
import type { Numbers } from "../../../src/lib/recipe/operand";

/** A way in which the scale is chosen, and what comes of it. */
export interface Drawn {
  readonly choice: {
    readonly map?: MapName;
    readonly scope?: "layer" | "channel";
    readonly signed?: boolean;
    readonly limits?: readonly [number, number];
  };
  readonly scale: Scale;
  readonly words: string;
  readonly colours: string;
}

/** An array, and how it is drawn. */
export interface Fixture {
  readonly name: string;
  readonly dtype: string;
  readonly numbers: readonly (number | string | boolean)[];
  readonly drawn: readonly Drawn[];
}

/** A map: its ramp, which of its colours are dark, and the one of what is not a number. */
export interface MapFixture {
  readonly map: MapName;
  readonly ramp: string;
  readonly dark: string;
  readonly extra: readonly number[];
}

const PATH = new URL("../../../../tests/surfaces/page_colours.json", import.meta.url);

export const { fixtures: FIXTURES, maps: MAPS } = JSON.parse(readFileSync(PATH, "utf-8")) as {
  fixtures: readonly Fixture[];
  maps: readonly MapFixture[];
};

/** The numbers in an array of the kind that the page reads them into. */
export function numbersIn({ dtype, numbers }: Fixture): Numbers {
  const plain = numbers.map(Number);
  switch (dtype) {
    case "float32":
    case "float16":
      return Float32Array.from(plain);
    case "float64":
    case "int64":
      return Float64Array.from(plain);
    case "uint8":
    case "bool":
      return Uint8Array.from(plain);
    case "int8":
      return Int8Array.from(plain);
    case "int32":
      return Int32Array.from(plain);
    default:
      throw new Error(`a fixture of ${dtype}`);
  }
}

/** Packed colours as bytes. */
export function unpacked(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
