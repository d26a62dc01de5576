import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../src/layerwalk/surfaces/static",
    emptyOutDir: true,
    // What a notebook and a report may run in: two years of browsers.
    target: ["chrome121", "firefox122", "safari17.4"],
    // One script and one style sheet: the page links them, a report holds them, a widget is given
    // them. (Vite's own "lib" mode would keep the white space.)
    cssCodeSplit: false,
    rolldownOptions: {
      input: "src/entries/main.ts",
      preserveEntrySignatures: "exports-only",
      output: {
        codeSplitting: false,
        entryFileNames: "explorer.js",
        assetFileNames: "explorer[extname]",
      },
    },
  },
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // Two cores are enough, and more are not always there.
    maxWorkers: 2,
  },
});
