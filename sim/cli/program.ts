/** How a person calls this program here: through npm it is not on the PATH. */
export function programName(environment: NodeJS.ProcessEnv = process.env): string {
  return environment["npm_command"] === undefined ? "splitbrain" : "npx splitbrain";
}
