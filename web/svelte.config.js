import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

/** @type {import("@sveltejs/vite-plugin-svelte").SvelteConfig} */
export default {
  preprocess: vitePreprocess(),
  // The style sheet is a file of its own: a page's security policy forbids styles in scripts.
  compilerOptions: { runes: true, css: "external" },
};
