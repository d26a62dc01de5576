/** A brush on the picture: what a stroke covers, as few rectangles as it takes. */

import type { PlainEdit } from "../../source";

/** A rectangle of the network's input, in rows and columns. */
export interface Patch {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** A point on the picture, in its pixels. */
export interface Dab {
  readonly y: number;
  readonly x: number;
}

/** The square of a brush about a point. It moves in halves of itself, so that strokes have few edges. */
export function dabOf(picture: Size, size: number, { y, x }: Dab): Patch {
  const step = Math.max(1, Math.floor(size / 2));
  const along = (at: number, room: number): [start: number, length: number] => {
    const length = Math.min(size, room);
    const start = Math.round((at - size / 2) / step) * step;
    return [Math.max(0, Math.min(start, room - length)), length];
  };
  const [top, height] = along(y, picture.height);
  const [left, width] = along(x, picture.width);
  return { top, left, height, width };
}

/** The squares from one point to another. */
export function strokeOf(picture: Size, size: number, from: Dab, to: Dab): Patch[] {
  const length = Math.hypot(to.y - from.y, to.x - from.x);
  const count = Math.max(1, Math.ceil(length / Math.max(1, size / 4)));
  return Array.from({ length: count + 1 }, (_, k) =>
    dabOf(picture, size, {
      y: from.y + ((to.y - from.y) * k) / count,
      x: from.x + ((to.x - from.x) * k) / count,
    }),
  );
}

/** Rectangles that do not overlap and cover what these cover: runs of rows that are alike. */
export function joined(patches: readonly Patch[], { height, width }: Size): Patch[] {
  const covered = new Uint8Array(height * width);
  for (const { top, left, height: high, width: wide } of patches) {
    for (let y = top; y < top + high; y++) {
      covered.fill(1, y * width + left, y * width + left + wide);
    }
  }
  const done: Patch[] = [];
  let open = new Map<string, Patch>();
  for (let y = 0; y <= height; y++) {
    const next = new Map<string, Patch>();
    const row = y < height ? covered.subarray(y * width, (y + 1) * width) : new Uint8Array(0);
    for (const [left, wide] of runsOf(row)) {
      const key = `${left} ${wide}`;
      const above = open.get(key);
      next.set(key, { top: above?.top ?? y, left, height: (above?.height ?? 0) + 1, width: wide });
      open.delete(key);
    }
    done.push(...open.values());
    open = next;
  }
  return done;
}

/** One edit that hides them all. */
export function hiding(patches: readonly Patch[]): PlainEdit {
  const boxes = patches.map(({ top, left, height, width }) => [top, left, height, width]);
  return patches.length === 1
    ? { do: "hide", ...patches[0] }
    : { do: "hide_patches", patches: boxes };
}

function* runsOf(row: Uint8Array): Generator<[left: number, width: number]> {
  for (let left = row.indexOf(1); left >= 0; ) {
    const end = row.indexOf(0, left);
    const stop = end < 0 ? row.length : end;
    yield [left, stop - left];
    left = row.indexOf(1, stop);
  }
}
