import { expect, test } from "vitest";
import { type Expression, readsIn } from "../../../src/lib/recipe/expression";
import { spelled } from "../../../src/lib/recipe/spelled";

// The texts are those of layerwalk.recipes.expression.spelled.
test.each<[Expression, string]>([
  [["add", ["mul", 2, "y"], "u", -1], "2*y + u - 1"],
  [["sub", "a", ["sub", "b", "c"]], "a - (b - c)"],
  [["sub", ["sub", "a", "b"], "c"], "a - b - c"],
  [["mul", ["add", "a", 1], "b"], "(a + 1)*b"],
  [["div", "a", ["mul", "b", "c"]], "a/(b*c)"],
  [["neg", ["add", "a", "b"]], "-(a + b)"],
  [["max", ["read", 0], 0], "max(r0, 0)"],
  [["where", ["gt", "x", 0], "x", ["mul", 0.1, "x"]], "where(x > 0, x, 0.1*x)"],
  [["pow", "x", 2], "x^2"],
  [["mul", -0.5, "x"], "(-0.5)*x"],
  [["add", "x", -0.5], "x - 0.5"],
  [["mul", -1, "u"], "-1*u"],
  [["add", "x", 1e-5], "x + 1e-05"],
  [["add", "x", 0.0001], "x + 0.0001"],
  [["mul", 2 / 3, "x"], "0.666666667*x"],
  [["mul", 1234567890.5, "x"], "1.23456789e+09*x"],
  [["max", "x", ["number", "-inf"]], "max(x, -inf)"],
  [["mul", ["number", "-inf"], "x"], "(-inf)*x"],
  [["max", "x", ["number", "nan"]], "max(x, nan)"],
  [["where", true, "x", 0], "where(True, x, 0)"],
  [["table", 0, "y", "u"], "table(0, y, u)"],
  [["exact", ["add", "y", ["mul", -1, "u"], 1], 2], "exact(y - 1*u + 1, 2)"],
  [["pow", ["pow", "a", 2], 3], "a^2^3"],
  [["pow", "a", ["pow", 2, 3]], "a^(2^3)"],
  [["mod", ["floordiv", "c", 5], 6], "c // 5 % 6"],
])("%j", (expression, text) => {
  expect(spelled(expression)).toBe(text);
});

test("a read is called as one likes", () => {
  expect(spelled(["add", "sum", ["read", 2]], (k) => ["x", "weight", "bias"][k]!)).toBe(
    "sum + bias",
  );
});

test("the reads, each once, in order", () => {
  expect(readsIn(["add", ["mul", ["read", 1], "y"], ["read", 0], ["read", 1]])).toEqual([1, 0]);
});
