/** What was changed, one after the other: undone, and made again. */

import type { PlainEdit } from "../../source";

type List = readonly PlainEdit[];

/** Nothing in it changes: each method gives the history as it is then. */
export class History {
  readonly present: List;
  readonly #past: readonly List[];
  readonly #future: readonly List[];
  /** Within one gesture (a number that is typed, a stroke) there is nothing to undo. */
  readonly #gesture: string | undefined;

  constructor(
    present: List = [],
    past: readonly List[] = [],
    future: readonly List[] = [],
    gesture?: string,
  ) {
    this.present = present;
    this.#past = past;
    this.#future = future;
    this.#gesture = gesture;
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** Whether a change of this gesture would be one with the last change. */
  continues(gesture: string | undefined): boolean {
    return gesture !== undefined && gesture === this.#gesture;
  }

  /** Another list in place of the present one. */
  changed(list: List, gesture?: string): History {
    const past = this.continues(gesture) ? this.#past : [...this.#past, this.present];
    return new History(list, past, [], gesture);
  }

  /**
   * The history at a list that Back or a link led to: what was there before, or will be again, is
   * undone or made again, so that Back and Undo go the same way. Any other list is a change.
   */
  at(list: List): History {
    const text = JSON.stringify(list);
    const same = (one: List): boolean => JSON.stringify(one) === text;
    const line = [...this.#past, this.present, ...this.#future];
    const back = this.#past.findLastIndex(same);
    const on = this.#future.findIndex(same);
    if (back < 0 && on < 0) return this.changed(list);
    const nearest = back >= 0 && (on < 0 || this.#past.length - back <= on + 1);
    const place = nearest ? back : this.#past.length + 1 + on;
    return new History(line[place]!, line.slice(0, place), line.slice(place + 1));
  }

  undone(): History {
    const last = this.#past.at(-1);
    if (!last) return this;
    return new History(last, this.#past.slice(0, -1), [this.present, ...this.#future]);
  }

  redone(): History {
    const [next, ...rest] = this.#future;
    if (!next) return this;
    return new History(next, [...this.#past, this.present], rest);
  }

  /** The next change begins a gesture of its own. */
  ended(): History {
    return new History(this.present, this.#past, this.#future);
  }
}
