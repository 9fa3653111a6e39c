/** Builds what the tests of the command line and of the viewer start, where the sources are newer than it. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export default function setup(): void {
  // Whoever runs one folder of other tests need not wait for a build, nor have everything in a state that builds.
  const chosen = process.argv.filter((word) => /^(\.\/)?test\/(?!vitest\.config)/.test(word));
  const needsBuild = chosen.length === 0 || chosen.some((path) => /cli|viz|bench|campaign/.test(path));
  if (!needsBuild) return;
  const build = fileURLToPath(new URL("../sim/cli/build.mjs", import.meta.url));
  // The types are left to the test of the package, which needs them and nothing else does.
  const { status } = spawnSync(process.execPath, [build, "--without-types"], { stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error("the build failed; what it said stands above");
}
