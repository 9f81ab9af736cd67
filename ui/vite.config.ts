import { paraglideVitePlugin } from "@inlang/paraglide-js";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** React Aria brings its own words in 30 languages; the window speaks two. */
const onlyOurLanguages: Plugin = {
  name: "only-our-languages",
  enforce: "pre",
  load(id) {
    const strings =
      /\/react-(?:aria|stately|aria-components)\/dist\/private\/intl\/(?:.*\/)?([a-z]{2}-[A-Z]{2})\.m?js$/.exec(
        id,
      );
    return strings && strings[1] !== "ja-JP" && strings[1] !== "en-US" ? "export default {};" : null;
  },
};

export default defineConfig(({ mode }) => ({
  plugins: [
    paraglideVitePlugin({
      project: "./project.inlang",
      outdir: "./src/paraglide",
      strategy: ["globalVariable", "baseLocale"],
      outputStructure: "locale-modules",
    }),
    react(),
    onlyOurLanguages,
  ],
  build: {
    // The webviews: WebKitGTK 2.42 and Safari 17 know everything that `safari17` allows, WebView2 is evergreen.
    target: ["safari17", "chrome120"],
    outDir: mode === "fake" ? "dist-fake" : "dist",
    // Everything is on the same disk, so a preload list only costs time.
    modulePreload: false,
    chunkSizeWarningLimit: 900,
  },
  server: {
    port: 5173,
    strictPort: true,
    // A test reads the kinds of events from the Rust source beside this folder.
    fs: { allow: [".."] },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    testTimeout: 30_000,
    restoreMocks: true,
    env: { TZ: "Asia/Tokyo" },
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
}));
