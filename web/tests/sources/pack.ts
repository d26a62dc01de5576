/** Writes numbers as a report holds them, the plain way. */

import { deflateRawSync } from "node:zlib";

/** Base64 of the deflated, shuffled bytes. */
export function packed(bytes: ArrayBufferLike, width: number): string {
  const plain = new Uint8Array(bytes);
  const count = plain.length / width;
  const shuffled = Uint8Array.from(
    plain,
    (_, k) => plain[(k % count) * width + Math.floor(k / count)]!,
  );
  return deflateRawSync(shuffled).toString("base64");
}
