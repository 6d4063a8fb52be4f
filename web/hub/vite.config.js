import { defineConfig } from "vite";

// Two programs: `theme` is small, runs before the page is drawn and keeps it from flashing in the wrong colours; `hub` is everything else. The files keep
// their names here; naru-hub serves them under a name with their digest in it.
export default defineConfig({
  build: {
    outDir: "../../src/naru-hub/Site/Assets",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: "es2022",
    rollupOptions: {
      input: { hub: "src/hub.ts", theme: "src/theme.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", assetFileNames: "[name][extname]" },
    },
  },
  publicDir: "public",
});
