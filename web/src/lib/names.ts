/** Names of ops and values in sentences. */

/**
 * The name as it stands among words: one that begins with a digit, as those in an
 * `nn.Sequential` do, would be read as a number, and has quotes.
 *
 * @example
 * quoted("0.weight"); // "“0.weight”"
 */
export function quoted(name: string): string {
  return /^\d/.test(name) ? `“${name}”` : name;
}

/** The end of an op's path that says something: `"depthwise.conv"`, `"conv2"` of `"layer4.1.conv2"`. */
export function shortName(name: string): string {
  const parts = name.split(".");
  const [before, last] = [parts.at(-2), parts.at(-1) ?? name];
  if (before === undefined) return quoted(last);
  // A number alone says nothing; one before a name is only a place in a list.
  return quoted(/^\d/.test(last) || !/^\d/.test(before) ? `${before}.${last}` : last);
}
