/** A digit as it is drawn: 28 x 28 levels of ink, the way the MNIST digits were made. */

/** Pixels along a side, as in MNIST. */
export const SIDE = 28;

/** Levels of ink, 0 to 255, in rows. */
export type Pad = Uint8Array<ArrayBuffer>;

type Point = readonly [x: number, y: number];

const RADIUS = 1;
const SOFT = 1.4;

/** A pad without ink. */
export function blankPad(): Pad {
  return new Uint8Array(SIDE * SIDE);
}

/** The pad with a line drawn from one point to another, its edges soft. */
export function stroke(pad: Pad, from: Point, to: Point): Pad {
  const made = pad.slice();
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const away = distance([x + 0.5, y + 0.5], from, to);
      const level = 255 * Math.min(1, Math.max(0, (RADIUS + SOFT - away) / SOFT));
      const k = y * SIDE + x;
      made[k] = Math.max(made[k]!, level);
    }
  }
  return made;
}

/** How far a point lies from a line between two others. */
function distance([x, y]: Point, [x0, y0]: Point, [x1, y1]: Point): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / length;
  const near = Math.min(1, Math.max(0, along));
  return Math.hypot(x - x0 - near * dx, y - y0 - near * dy);
}

/**
 * The pad moved so that the centre of mass of its ink is in the middle: so were MNIST's digits
 * placed (LeCun, Cortes, Burges: "The MNIST database of handwritten digits").
 */
export function centred(pad: Pad): Pad {
  let [mass, sumX, sumY] = [0, 0, 0];
  pad.forEach((level, k) => {
    mass += level;
    sumX += level * (k % SIDE);
    sumY += level * Math.floor(k / SIDE);
  });
  if (mass === 0) return pad;
  const [dx, dy] = [sumX, sumY].map((sum) => Math.round((SIDE - 1) / 2 - sum / mass));
  const made = blankPad();
  pad.forEach((level, k) => {
    const [x, y] = [(k % SIDE) + dx!, Math.floor(k / SIDE) + dy!];
    if (x >= 0 && x < SIDE && y >= 0 && y < SIDE) made[y * SIDE + x] = level;
  });
  return made;
}

/** The pad as a PNG file. */
export async function padFile(pad: Pad): Promise<File> {
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws no pictures");
  const picture = context.createImageData(SIDE, SIDE);
  pad.forEach((level, k) => {
    picture.data.set([level, level, level, 255], 4 * k);
  });
  context.putImageData(picture, 0, 0);
  return new File([await canvas.convertToBlob({ type: "image/png" })], "drawn digit.png");
}
