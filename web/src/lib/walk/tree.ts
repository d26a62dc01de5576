/** The ops of a trace as a tree of modules, in the order in which they ran. */

import type { OpSheet, TraceSheet } from "../../wire";
import { type End, type Group, INPUT, type Leaf, type WalkNode } from "./node";

/** What a tree is made from. */
export type Walked = Pick<TraceSheet, "ops" | "modules" | "prediction" | "failure" | "values">;

export class WalkTree {
  readonly root: Group;
  /** How many ops there are. */
  readonly ops: number;
  readonly #leaves: readonly WalkNode[];

  constructor(sheet: Walked) {
    this.ops = sheet.ops.length;
    this.root = new Growth(sheet).root();
    this.#leaves = leavesOf(this.root);
  }

  /** The node of one op (null: the input), whether or not it is unfolded. */
  leaf(op: number | null): WalkNode {
    const found = this.#leaves[(op ?? INPUT) - INPUT];
    if (!found) throw new RangeError(`there is no op ${op}`);
    return found;
  }

  /** All groups but the root, those around others before them. */
  groups(): Group[] {
    const found: Group[] = [];
    const visit = (group: Group): void => {
      for (const child of group.children) {
        if (child.kind !== "group") continue;
        found.push(child);
        visit(child);
      }
    };
    visit(this.root);
    return found;
  }
}

/** An op with the parts of its path: those of its module, then its own. */
interface Step {
  readonly op: OpSheet;
  readonly parts: readonly string[];
}

/** A node while its tree is being made. */
type Draft<T extends WalkNode> = { -readonly [K in keyof T]: T[K] };

class Growth {
  readonly #sheet: Walked;
  readonly #steps: readonly Step[];

  constructor(sheet: Walked) {
    this.#sheet = sheet;
    this.#steps = sheet.ops.map((op) => ({ op, parts: partsOf(op) }));
  }

  root(): Group {
    const root: Draft<Group> = {
      kind: "group",
      id: "",
      label: "",
      path: "",
      first: INPUT,
      stop: this.#steps.length,
      parent: null,
      children: [],
      depth: 0,
      type: this.#sheet.modules[""] ?? "",
      parameters: parametersOf(this.#steps),
    };
    const input: WalkNode = {
      kind: "input",
      id: "input",
      label: "input",
      path: "",
      first: INPUT,
      stop: 0,
      parent: root,
    };
    const end = this.#end(root);
    root.children = [input, ...this.#children(this.#steps, 0, root), ...end];
    root.stop += end.length;
    return root;
  }

  #children(steps: readonly Step[], depth: number, parent: Group): WalkNode[] {
    const found: WalkNode[] = [];
    const seen = new Map<string, number>();
    for (let first = 0; first < steps.length; ) {
      const stop = runFrom(steps, first, depth);
      const run = steps.slice(first, stop);
      const node =
        run.length === 1 ? leaf(run[0]!, depth, parent) : this.#group(run, depth, parent);
      // A module that ran again later is another node.
      const count = (seen.get(node.path) ?? 0) + 1;
      seen.set(node.path, count);
      if (count > 1 && node.kind === "group") node.label += `:${count}`;
      found.push(node);
      first = stop;
    }
    return found;
  }

  #group(steps: readonly Step[], depth: number, parent: Group): Draft<Group> {
    const { op, parts } = steps[0]!;
    // A chain of modules that hold nothing but each other is one node.
    let end = depth + 1;
    while (parts.length > end + 1 && runFrom(steps, 0, end) === steps.length) end++;
    const path = parts.slice(0, end).join(".");
    const group: Draft<Group> = {
      kind: "group",
      id: `${path} ${op.index}`,
      label: labelOf(parts.slice(0, depth), parts.slice(depth, end)),
      path,
      first: op.index,
      stop: op.index + steps.length,
      parent,
      children: [],
      depth: parent.depth + 1,
      type: this.#sheet.modules[path] ?? "",
      parameters: parametersOf(steps),
    };
    group.children = this.#children(steps, end, group);
    return group;
  }

  /** The prediction, or why the walk stopped; nothing where there is neither. */
  #end(parent: Group): End[] {
    const { prediction, failure, ops, values } = this.#sheet;
    if (!prediction && !failure) return [];
    const made = values.find(({ id }) => id === prediction?.value)?.op ?? null;
    return [
      {
        kind: "end",
        id: "end",
        label: failure ? "stopped here" : "prediction",
        path: "",
        first: ops.length,
        stop: ops.length + 1,
        parent,
        prediction,
        failure,
        source: failure ? (ops.at(-1)?.index ?? null) : made,
      },
    ];
  }
}

function leaf({ op, parts }: Step, depth: number, parent: Group): Draft<Leaf> {
  return {
    kind: "op",
    id: `op ${op.index}`,
    label: labelOf(parts.slice(0, depth), parts.slice(depth)),
    path: op.name,
    first: op.index,
    stop: op.index + 1,
    parent,
    op,
  };
}

/** `["layer1", "0", "relu:2"]` */
function partsOf(op: OpSheet): string[] {
  if (op.module === "") return [op.name];
  const parts = op.module.split(".");
  const own = op.name.slice(op.module.length);
  // The module ran this op alone, if its name is the module's but for a number: "relu:2".
  if (own === "" || own.startsWith(":")) parts.push(parts.pop() + own);
  else parts.push(own.slice(1));
  return parts;
}

/** Where the run of ops ends that share the part of the path at this depth. */
function runFrom(steps: readonly Step[], first: number, depth: number): number {
  const { parts } = steps[first]!;
  if (parts.length === depth + 1) return first + 1;
  let stop = first + 1;
  for (; stop < steps.length; stop++) {
    const other = steps[stop]!.parts;
    if (other.length === depth + 1 || other[depth] !== parts[depth]) break;
  }
  return secondCall(steps, first, stop, parts.slice(0, depth + 1).join("."));
}

/**
 * Where the same module is called again at once, within a run of its ops.
 *
 * Only ops that it ran itself tell which call they belong to; between the last of one call and the
 * first of the next, the new one begins where a part of the module runs again.
 */
function secondCall(steps: readonly Step[], first: number, stop: number, module: string): number {
  let last: number | undefined;
  for (let k = first; k < stop; k++) {
    const { op } = steps[k]!;
    if (op.module !== module) continue;
    if (last !== undefined && op.module_call !== steps[last]!.op.module_call) {
      const before = new Set(steps.slice(first, last + 1).map(({ op }) => op.module));
      for (let at = last + 1; at < k; at++) if (before.has(steps[at]!.op.module)) return at;
      return k;
    }
    last = k;
  }
  return stop;
}

/** A number says little alone: `"layer1.0"`, but `"conv1"`. */
function labelOf(above: readonly string[], own: readonly string[]): string {
  const words = [...own];
  for (let k = above.length - 1; k >= 0 && /^\d/.test(words[0]!); k--) words.unshift(above[k]!);
  return words.join(".");
}

function parametersOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { op }) => sum + op.parameters, 0);
}

function leavesOf(group: Group): WalkNode[] {
  return group.children.flatMap((child) => (child.kind === "group" ? leavesOf(child) : [child]));
}
