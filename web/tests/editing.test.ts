import { describe, expect, test } from "vitest";
import { editsFromText } from "../src/lib/edits/link";
import { type PlainEdit, SourceError } from "../src/source";
import { FakeSource } from "../src/sources/fake";
import { type Address, View } from "../src/view.svelte";
import type { EditedSheet, Welcome } from "../src/wire";

const SILENCE: PlainEdit = { do: "silence", op: "stem.relu", channels: [2] };
const SCALE: PlainEdit = { do: "scale_weight", parameter: "stem.conv.weight", at: [0], by: 2 };
const BAD: PlainEdit = { do: "silence", op: "nothing", channels: [0] };

/** Edits a walk by giving it another name. */
class EditedSource extends FakeSource {
  readonly asked: (readonly PlainEdit[])[] = [];
  possible = true;

  override async welcome(): Promise<Welcome> {
    return { ...(await super.welcome()), edits: this.possible };
  }

  override async rerun(base: string, edits: readonly PlainEdit[]): Promise<EditedSheet> {
    this.asked.push(edits);
    if (edits.some(({ op }) => op === "nothing")) {
      const sentence = "There is no op nothing.";
      throw new SourceError({ what: sentence, where: "nothing", mend: null, sentence });
    }
    const sheet = { ...(await this.sheet(base)), id: `${base}~${this.asked.length}` };
    const changed = sheet.ops.flatMap(({ outputs }) => outputs);
    return { base, sheet, changed, edits: edits.map(({ do: what }) => `said: ${what}`) };
  }
}

class Memory implements Address {
  entries: string[];

  constructor(first = "") {
    this.entries = [first];
  }

  read(): URLSearchParams {
    return new URLSearchParams(this.entries.at(-1));
  }

  write(said: URLSearchParams, step: boolean): void {
    if (step) this.entries.push(String(said));
    else this.entries[this.entries.length - 1] = String(said);
  }

  changed(): () => void {
    return () => undefined;
  }

  link(): undefined {
    return undefined;
  }

  get edits(): readonly PlainEdit[] {
    return editsFromText(this.read().get("edits") ?? "") ?? [];
  }
}

async function opened(address = new Memory(), source = new EditedSource()) {
  const view = new View(source, address);
  await view.start();
  await turn();
  return { view, editing: view.editing, source, address };
}

const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

describe("edits", () => {
  test("the walk with them is shown as soon as it is here", async () => {
    const { view, editing } = await opened();
    expect([view.network?.id, editing.side]).toEqual(["made-up", "after"]);
    editing.edit(SILENCE);
    expect(editing.waiting).toBe(true);
    await turn();
    expect(editing.waiting).toBe(false);
    expect([view.network?.id, view.trace]).toEqual(["made-up~1", "made-up"]);
    expect(editing.words).toEqual(["said: silence"]);
    editing.look("before");
    expect(view.network?.id).toBe("made-up");
    editing.look("difference");
    expect([view.network?.id, editing.against?.id]).toEqual(["made-up~1", "made-up"]);
    editing.set([]);
    expect([view.network?.id, editing.side]).toEqual(["made-up", "after"]);
  });

  test("one that does not fit is told, and stays in the list; what fitted stays shown", async () => {
    const { view, editing } = await opened();
    editing.edit(SILENCE);
    await turn();
    editing.edit(BAD);
    await turn();
    expect(editing.problem).toBe("There is no op nothing.");
    expect(editing.edits).toEqual([SILENCE, BAD]);
    expect(view.network?.id).toBe("made-up~1");
    editing.undo();
    expect(editing.problem).toBeUndefined();
    expect(editing.waiting).toBe(false);
  });

  test("who types quickly waits for the newest alone", async () => {
    const { editing, source } = await opened();
    for (const by of [2, 3, 4]) editing.edit({ ...SILENCE, do: "scale_channels", by }, "typing");
    await turn();
    expect(source.asked.map(([edit]) => edit?.by)).toEqual([2, 4]);
    editing.undo();
    expect(editing.edits).toEqual([]);
    expect(editing.canUndo).toBe(false);
    editing.redo();
    await turn();
    expect(editing.edits[0]?.by).toBe(4);
  });

  test("are in the address: a link opens with them, and Back leads to those before", async () => {
    const { view, editing, address } = await opened();
    editing.edit(SILENCE);
    editing.edit(SCALE);
    await turn();
    expect(address.edits).toEqual([SILENCE, SCALE]);
    editing.look("difference");
    const link = address.entries.at(-1);
    const other = await opened(new Memory(link));
    expect(other.editing.edits).toEqual([SILENCE, SCALE]);
    expect(other.editing.side).toBe("difference");
    expect(other.view.network?.id).toBe("made-up~1");
    address.entries.pop();
    view.follow();
    await turn();
    expect(editing.edits).toEqual([SILENCE]);
    expect(editing.canRedo).toBe(true);
    editing.undo();
    expect(editing.edits).toEqual([]);
    expect(editing.canUndo).toBe(false);
    editing.redo();
    editing.redo();
    expect(editing.edits).toEqual([SILENCE, SCALE]);
  });

  test("a link that was cut off says so, and where nothing can be edited nothing is", async () => {
    const cut = await opened(new Memory("trace=made-up&edits=W3si"));
    expect(cut.view.notice).toContain("cannot be read");
    expect(cut.editing.edits).toEqual([]);
    const { address } = await edited();
    const source = new EditedSource();
    source.possible = false;
    const { editing } = await opened(new Memory(address.entries.at(-1)), source);
    expect(editing.edits).toEqual([]);
    expect(source.asked).toEqual([]);
  });

  test("an edited walk that the server dropped is made again", async () => {
    const { view, editing } = await edited();
    expect(editing.again("made-up")).toBe(false);
    expect(editing.again("made-up~1")).toBe(true);
    await turn();
    expect(view.network?.id).toBe("made-up~2");
    expect(editing.again("made-up~1")).toBe(false);
  });

  test("what is changed is shown, whatever was looked at", async () => {
    const { editing } = await edited();
    editing.look("before");
    editing.edit(SCALE);
    await turn();
    expect(editing.side).toBe("after");
    editing.take(0);
    expect(editing.edits).toEqual([SCALE]);
  });

  async function edited() {
    const found = await opened();
    found.editing.edit(SILENCE);
    await turn();
    return found;
  }
});
