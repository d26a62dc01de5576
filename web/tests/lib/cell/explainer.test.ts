import { describe, expect, test } from "vitest";
import { drawingOf } from "../../../src/lib/cell/drawing";
import { Explainer, sentenceOf } from "../../../src/lib/cell/explainer";
import { residueOf } from "../../../src/lib/cell/explanation";
import { rungsOf } from "../../../src/lib/cell/formula";
import { sentence, sumsOf } from "../../../src/lib/cell/sums";
import { arithmeticSvg } from "../../../src/lib/cell/svg";
import { planeOf, strongest, windowOf } from "../../../src/lib/cell/window";
import { USUAL_LOOK } from "../../../src/lib/look";
import { Network } from "../../../src/lib/network";
import { Tensors } from "../../../src/lib/tensors";
import { SourceError } from "../../../src/source";
import { close, FIXTURES, fixture } from "../recipe/fixtures";
import { explain, type GivenSource, sheetOf, sourceOf, tellOf } from "./walks";

describe.each(FIXTURES)("$name", (told) => {
  test.each(told.values.map(({ index }) => [index]))("at %j", async (index) => {
    const explanation = await explain(told.name, index);
    const value = told.values.find((each) => each.index === index)!;
    expect(close(explanation.outcome.total, value.total)).toBe(true);
    expect(residueOf(explanation)).toBeLessThanOrEqual(1e-6 * Math.max(1, value.scale));
    const window = windowOf(explanation);
    const plane = window && planeOf(explanation, window, strongest(explanation, window));
    const svg = arithmeticSvg(drawingOf(explanation, window, plane, USUAL_LOOK));
    expect(svg).toMatch(/^<svg .*<\/svg>$/);
    expect(sentence(explanation)).toContain("recorded");
    expect(sumsOf(explanation).filter(({ main }) => main)).toHaveLength(1);
    const rungs = rungsOf(explanation, told.recipe.result);
    expect(rungs.at(-1)?.gives).toBe(explanation.outcome.total);
  });
});

const LINEAR = fixture("linear");

describe("what cannot be had", () => {
  function explainer(source: GivenSource, change = {}): Explainer {
    const network = new Network(sheetOf(LINEAR, change));
    return new Explainer(network, network.op(0), 0, new Tensors(source));
  }

  test("an op without a recipe shows what was recorded", async () => {
    const told = await tellOf(LINEAR, [1, 2], { book: { version: 1, recipes: [], ops: [[null]] } });
    if (told.kind !== "recorded") throw new Error("nothing is known of it");
    expect(told.recorded).toBeCloseTo(Number((await explain("linear", [1, 2])).recorded), 6);
    expect(told.why).toBe(
      "How a number of this linear is made is not known here: it has no recipe.",
    );
  });

  test("an operand that is not kept: the sentence of the source, and what was recorded", async () => {
    const source = sourceOf(LINEAR);
    source.given.delete(1);
    const one = explainer(source);
    expect(one.ready([0, 0])).toBe(false);
    await one.fetch([0, 0]);
    expect(one.ready([0, 0])).toBe(true);
    const told = one.tell([0, 0]);
    expect(told).toMatchObject({ kind: "recorded", why: "Value 1 is not kept in this report." });
    expect(told.kind === "recorded" && told.recorded).toBeTypeOf("number");
  });

  test("an output that is not kept is worked out all the same", async () => {
    const source = sourceOf(LINEAR);
    source.given.delete(3);
    const one = explainer(source);
    await one.fetch([0, 0]);
    const told = one.tell([0, 0]);
    if (told.kind !== "explained") throw new Error(told.why);
    const { recorded, missing } = told.explanation;
    expect([recorded, missing]).toEqual([undefined, "Value 3 is not kept in this report."]);
    expect(residueOf(told.explanation)).toBeUndefined();
    expect(sumsOf(told.explanation).map(({ text }) => text)).toContain("not kept");
  });

  test("what this page does not know is said", async () => {
    const recipe = { ...LINEAR.recipe, result: ["bessel", "sum"] };
    const book = { version: 1, recipes: [recipe], ops: [[0]] };
    const told = await tellOf(LINEAR, [0, 0], { book });
    expect(told).toMatchObject({ kind: "recorded", why: expect.stringMatching(/"bessel".*newer/) });
  });
});

test("one evaluator serves all positions, and each operand is fetched once", async () => {
  const source = sourceOf(LINEAR);
  const network = new Network(sheetOf(LINEAR));
  const one = new Explainer(network, network.op(0), 0, new Tensors(source));
  for (const at of [
    [0, 0],
    [2, 3],
  ]) {
    await one.fetch(at);
    expect(one.tell(at).kind).toBe("explained");
  }
  expect(source.asked).toHaveLength(4);
});

test("a large weight comes in rows", async () => {
  const source = sourceOf(LINEAR);
  const whole = source.given.get(1)!;
  source.given.set(1, (region) => {
    const { data } = whole("");
    const c = Number(region);
    return { data: data.slice(5 * c, 5 * (c + 1)), shape: [5], exact: true };
  });
  const network = new Network(sheetOf(LINEAR));
  // Room for 60 bytes: the input of 3x5 fits, the weight of 4x5 does not.
  const one = new Explainer(network, network.op(0), 0, new Tensors(source), 60);
  expect(one.large).toEqual([]);
  for (const at of [
    [0, 1],
    [2, 3],
  ]) {
    expect(one.ready(at)).toBe(false);
    await one.fetch(at);
    const told = one.tell(at);
    if (told.kind !== "explained") throw new Error(told.why);
    expect(told.explanation.outcome).toEqual((await explain("linear", at)).outcome);
  }
  expect(source.asked.filter(({ value }) => value === 1).map(({ region }) => region)).toEqual([
    "1",
    "3",
  ]);
});

test("what is large and needed whole is asked about first", async () => {
  const network = new Network(sheetOf(fixture("flatten")));
  const source = sourceOf(fixture("flatten"));
  const one = new Explainer(network, network.op(0), 0, new Tensors(source), 100);
  expect(one.large.map(({ name }) => name)).toEqual(["input"]);
  const place = [0, 17];
  source.given.set(1, () => ({ data: Float32Array.of(7), shape: [], exact: true }));
  await one.fetch(place);
  expect(one.tell(place)).toMatchObject({
    kind: "recorded",
    recorded: 7,
    why: expect.stringMatching(/^input is large/),
  });
  one.allow();
  await one.fetch(place);
  expect(one.tell(place).kind).toBe("explained");
});

test.each([
  [new Error("the report has no input"), "The report has no input."],
  [
    new Error("Layerwalk does not answer; start it again."),
    "Layerwalk does not answer; start it again.",
  ],
  ["gone", "Gone."],
])("%s is a sentence", (error, said) => expect(sentenceOf(error)).toBe(said));

test("a name at the beginning of a sentence keeps its letters", () => {
  const sentence = "classifier.weight is not in this report; write it with --keep-weights all.";
  const error = new SourceError({ what: "", where: null, mend: null, sentence });
  expect(sentenceOf(error)).toBe(sentence);
});
