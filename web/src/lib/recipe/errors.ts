/**
 * What is wrong with a recipe or with what it was given, in one sentence.
 */
export class RecipeError extends Error {
  override readonly name = "RecipeError";
}
