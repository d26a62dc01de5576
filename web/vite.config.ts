import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // Two cores are enough, and more are not always there.
    maxWorkers: 2,
  },
});
