/** The endings of the files that a protocol module may be. */
export const moduleExtensions = [".ts", ".mts", ".js", ".mjs"];

/** True where a scenario's `protocol` names a file rather than a protocol that is built in. */
export function isModuleName(name: string): boolean {
  return /^\.{0,2}[/\\]/.test(name) || moduleExtensions.some((extension) => name.endsWith(extension));
}
