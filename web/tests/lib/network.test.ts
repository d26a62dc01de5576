import { expect, test } from "vitest";
import { Network } from "../../src/lib/network";
import { madeUp } from "../../src/sources/made_up_network";

test("a network without batches is known by its convolutions", () => {
  const { sheet } = madeUp();
  const network = new Network(sheet);
  const made = network.value(0)!;
  expect(network.channelAxis(made)).toBe(1);
  expect(network.samples({ ...made, shape: [5, 8, 32, 32] })).toBe(5);
  expect(network.samples({ ...made, shape: [5] })).toBe(1);
  const values = sheet.values.map((value) =>
    value.shape.length === 4 && value.role !== "parameter"
      ? { ...value, shape: value.shape.slice(1) }
      : value,
  );
  const flat = new Network({ ...sheet, values });
  for (const value of [flat.value(0)!, flat.inputs[0]!]) {
    expect(flat.channelAxis(value)).toBe(0);
    expect(flat.samples(value)).toBe(1);
  }
});

test("what no edit changed is the root's", () => {
  const { sheet } = madeUp();
  const base = new Network(sheet);
  const [first, second] = sheet.ops.map(({ outputs }) => outputs[0]!);
  const form = new Network({ ...sheet, id: "made-up~1" }, { base, changed: new Set([second!]) });
  expect([form.root, base.root]).toEqual([base, base]);
  expect(form.home(first!)).toBe("made-up");
  expect(form.home(second!)).toBe("made-up~1");
  expect(form.photoHome).toBe("made-up");
  expect(form.fieldHome).toBe("made-up");
  const [conv, ...rest] = sheet.ops;
  const ops = [{ ...conv!, geometry: { ...conv!.geometry, stride: [3, 3] } }, ...rest];
  const painted = new Set([sheet.inputs[0]!]);
  const other = new Network({ ...sheet, id: "made-up~2", ops }, { base, changed: painted });
  expect([other.photoHome, other.fieldHome]).toEqual(["made-up~2", "made-up~2"]);
});
