import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

/**
 * The page is built twice. A server gives out `explorer.js` and beside it the parts that not every
 * walk needs, each loaded when it is first shown. A report and a notebook get `whole.js`: everything
 * in one script, since they have nowhere to load from (`--mode whole`).
 */
export default defineConfig(({ mode }) => ({
  // Short names for scoped styles: they stand in the script and in the style sheet a thousand times.
  plugins: [
    svelte({ compilerOptions: { cssHash: ({ hash, css }) => `s${hash(css).slice(0, 4)}` } }),
    // The page's style sheet has all of the other's.
    mode === "whole" && {
      name: "one style sheet",
      generateBundle: {
        order: "post",
        handler: (_, bundle) => void Reflect.deleteProperty(bundle, "explorer.css"),
      },
    },
  ],
  build: {
    outDir: "../src/layerwalk/surfaces/static",
    emptyOutDir: mode !== "whole",
    modulePreload: false,
    // What a notebook and a report may run in: two years of browsers.
    target: ["chrome121", "firefox122", "safari17.4"],
    // One style sheet for both. (Vite's own "lib" mode would keep the white space.)
    cssCodeSplit: false,
    rolldownOptions: {
      input: "src/entries/main.ts",
      preserveEntrySignatures: mode === "whole" ? "exports-only" : false,
      output: {
        codeSplitting: mode !== "whole",
        entryFileNames: mode === "whole" ? "whole.js" : "explorer.js",
        chunkFileNames: "[name].js",
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
}));
