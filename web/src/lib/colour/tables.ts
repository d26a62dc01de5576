/** The colour tables: viridis, magma, grey, and blue to red about white. */

export const MAP_NAMES = ["viridis", "magma", "grey", "bluered"] as const;

export type MapName = (typeof MAP_NAMES)[number];

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colour of what is not a number: loud, and far from every entry of its table. */
export const EXTRA: Readonly<Record<MapName, Colour>> = {
  viridis: [255, 0, 212],
  magma: [0, 229, 255],
  grey: [57, 255, 20],
  bluered: [57, 255, 20],
};

// The bytes of layerwalk.render.tables.colour_table, which a test compares.
const PACKED: Readonly<Record<Exclude<MapName, "grey">, string>> = {
  viridis:
    "RAFURAJVRANXRQVYRQZaRQhbRglcRgteRgxfRg5hRw9iRxFjRxJlRxRmRxVnRxZpRxhqSBlrSBpsSBxuSB1vSB5wSCBxSCFySCJzSCN0RyV1RyZ2Ryd3Ryh4Ryp5Ryt6Ryx7Ri18Ri98RjB9RjF+RTJ/RTR/RTWARTaBRDeBRDmCQzqDQzuDQzyEQj2EQj6FQkCFQUGGQUKGQEOHQESHP0WHP0eIPkiIPkmJPUqJPUuJPUyJPE2KPE6KO1CKO1GKOlKLOlOLOVSLOVWLOFaLOFeMN1iMN1mMNlqMNluMNVyMNV2MNF6NNF+NM2CNM2GNMmKNMmONMWSNMWWNMWaNMGeNMGiNL2mNL2qNLmuOLmyOLm2OLW6OLW+OLHCOLHGOLHKOK3OOK3SOKnWOKnaOKneOKXiOKXmOKHqOKHqOKHuOJ3yOJ32OJ36OJn+OJoCOJoGOJYKOJYONJISNJIWNJIaNI4eNI4iNI4mNIomNIoqNIouNIYyNIY2MIY6MII+MIJCMIJGMH5KMH5OLH5SLH5WLH5aLHpeKHpiKHpmKHpmKHpqJHpuJHpyJHp2IHp6IHp+IHqCHH6GHH6KGH6OGIKSFIKWFIaaFIaeEIqeEI6iDI6mCJKqCJauBJqyBJ62AKK5/Ka9/KrB+K7F9LLF9LrJ8L7N7MLR6MrV6M7Z5Nbd4Nrh3OLl2Obl2O7p1Pbt0PrxzQL1yQr5xRL5wRb9vR8BuScFtS8JsTcJrT8NpUcRoU8VnVcZmV8ZlWcdkW8hiXslhYMlgYspfZMtdZ8xcacxba81Zbc5YcM5Wcs9VdNBUd9BSedFRfNJPftJOgdNMg9NLhtRJiNVHi9VGjdZEkNZDktdBldc/l9g+mtg8ndk6n9k4oto3pdo1p9szqtsyrdwwr9wust0std0rt90put4nvd4mv98kwt8ixd8hx+AfyuAezeAdz+Ec0uEb1OEa1+IZ2uIY3OIY3+MY4eMY5OMY5+QZ6eQZ7OQa7uUb8eUc8+Ue9uYf+OYh+uYi/eck",
  magma:
    "AAADAAAEAAAGAQAHAQEJAQELAgINAgIPAwMRBAMTBAQVBQQXBgUZBwUbCAYdCQcfCgciCwgkDAkmDQooDgoqDwssEAwvEQwxEg0zFA01FQ44Fg46Fw88GA8/GhBBGxBEHBBGHhBJHxFLIBFNIhFQIxFSJRFVJhFXKBFZKhFcKxFeLRBgLxBiMBBlMhBnNBBoNQ9qNw9sOQ9uOw9vPA9xPg9yQA9zQg90Qw91RQ92Rw93SBB4ShB5SxB5TRF6TxF7UBJ7UhJ8UxN8VRN9VxR9WBV+WhV+WxZ+XRd+Xhd/YBh/YRh/Yxl/ZRqAZhqAaBuAaRyAaxyAbB2Abh6Bbx6BcR+Bcx+BdCCBdiGBdyGBeSKBeiKBfCOBfiSBfySBgSWBgiWBhCaBhSaBhyeBiSiBiiiBjCmAjSmAjyqAkSqAkiuAlCuAlSyAlyx/mS1/mi1/nC5/ni5+ny9+oS9+ozB+pDB9pjF9pzF9qTJ8qzN8rDN7rjR7sDR7sTV6szV6tTZ5tjZ5uDd4uTd4uzh3vTl3vjl2wDp1wjp1wzt0xTx0xjxzyD1yyj5yyz5xzT9wzkBw0EFv0UJu00Jt1ENt1kRs10Vr2UZq2kdp3Ehp3Ulo3kpn4Etm4Uxm4k1l5E5k5VBj5lFi51Ji6FRh6lVg61Zg7Fhf7Vlf7lte7l1d715d8GBd8WFc8mNc82Vc82db9Ghb9Wpb9Wxb9m5b9nBb93Fb93Nc+HVc+Hdc+Xlc+Xtd+X1d+n9e+oBe+oJf+4Rg+4Zg+4hh+4pi/Ixj/I5j/JBk/JJl/JNm/ZVn/Zdo/Zlp/Ztq/Z1r/Z9s/aFu/aJv/aRw/qZx/qhz/qp0/qx1/q52/q94/rF5/rN7/rV8/rd9/rl//ruA/ryC/r6D/sCF/sKG/sSI/saJ/seL/smN/suO/c2Q/c+S/dGT/dKV/dSX/daY/dia/dqc/dyd/d2f/d+h/eGj/OOl/OWm/Oao/Oiq/Oqs/Oyu/O6w/PCx/PGz/PO1/PW3+/e5+/m7+/q9+/y/",
  bluered:
    "DDt3Czx6Cj19CT+ACECDB0GGBkKJBkSMBUWOBUaRBEiUBEmWA0qZA0ybA02eA06gA1CiBFGlBFKnBVSpBVWrBletB1iwCVqyClu0DF22DV64D2C5EWG7E2O9FGS/FmbBGGjCGmnEHGvFHmzHIG7JInDKI3HMJXPNJ3TOKXbQLHjRLnnTMHvUMnzVNH7WNoDYOIHZOoPaPIXbP4bcQYjdQ4reRYvfR43gSo/hTJDiTpLjUZTkU5XlVZflV5jmWprnXJzoXp3pYZ/pY6HqZqLraKTraqbsbaftb6ntcqrudKzvd67vea/wfLHwfrPxgbTxg7byhrfyiLnzi7vzjbz0kL70kr/1lcH1l8P1msT2nMb2n8f3osn3pMv3p8z4qc74rM/4r9H5sdL5tNT5ttb6udf6vNn6vtr6wdz7xN37xt/7yeD7zOL8zuT80eX81Of81uj82er93Ov93u394e795PD95/H+6fP+7PT+7/b+8ff+9Pn+9/r/+vz//P3///////38//v5//j3//b0//Tx//Lv/+/s/+3p/+vm/+nk/+fh/+Te/+Lc/uDZ/t7W/tvU/tnR/tfP/tXM/dLJ/dDH/c7E/czC/Mm//Me9/MW6/MO4+8C1+76z+7yw+rqu+rer+rWp+bOm+bCk+K6h+Kyf96qd96ea9qWY9qOW9aGT9Z6R9JyP9JqM85eK8pWI8pOF8ZGD8I6B8Ix/74p97od67oV47YN27IF0635y6nxw6npu6Xds6HVq53No5nFm5W5k5Gxi42pg4mde4WVc4GNa32FY3l5W3VxU21pT2ldR2VVP2FNN11FM1U5K1ExI00pH0UhF0EVDz0NCzUFAzD4/yjw9yTo8xzg6xjU5xDM4wzE2wS81vyw0vioyvCgxuiYwuCMvtyEutR8tsx0ssRoqrxgprRYpqxQoqREnpw8mpQ0lowokoQgjnwYjnQQimgMhmAIhlgEglAAgkQAfjwAfjQAeigAeiAAdhQAdgwAdgAEcfgIcewIceAMcdgUb",
};

const made = new Map<MapName, Uint8Array>();

/**
 * The 256 colours of a map, three bytes each.
 *
 * `bluered` has 255 colours, so that zero falls on one of them, entry 127, which is exactly white;
 * entry 255 repeats the last.
 */
export function colourTable(name: MapName): Uint8Array {
  const known = made.get(name);
  if (known) return known;
  const table = new Uint8Array(3 * 256);
  if (name === "grey") for (let k = 0; k < table.length; k++) table[k] = k / 3;
  else table.set(Uint8Array.from(atob(PACKED[name]), (letter) => letter.charCodeAt(0)));
  if (name === "bluered") table.copyWithin(3 * 255, 3 * 254, 3 * 255);
  made.set(name, table);
  return table;
}

/** The place of what is not a number, behind the 256 colours. */
export const FLAWED = 256;

const words = new Map<MapName, Uint32Array>();

/** The colours as whole pixels of a canvas, 257 of them: {@link EXTRA} is the last. */
export function pixelTable(name: MapName): Uint32Array {
  const known = words.get(name);
  if (known) return known;
  const table = colourTable(name);
  const pixels = new Uint32Array(FLAWED + 1);
  for (let k = 0; k < FLAWED; k++) {
    pixels[k] = pixelOf([table[3 * k]!, table[3 * k + 1]!, table[3 * k + 2]!]);
  }
  pixels[FLAWED] = pixelOf(EXTRA[name]);
  words.set(name, pixels);
  return pixels;
}

/** A colour as the 32 bits that a canvas keeps of it: every browser's machine is little-endian. */
export function pixelOf([red, green, blue]: Colour): number {
  return (0xff000000 | (blue << 16) | (green << 8) | red) >>> 0;
}
