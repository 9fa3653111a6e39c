import { defineConfig } from "vitest/config";

export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: { include: ["test/**/*.test.ts"], globalSetup: "test/global-setup.ts", testTimeout: 120_000, hookTimeout: 180_000 },
});
