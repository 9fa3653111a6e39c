import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

export const ROOT = normalize(new URL("../..", import.meta.url).pathname);

export interface Import {
  readonly from: string;
  /** The imported file from the root, or a package's name. */
  readonly to: string;
  readonly typesOnly: boolean;
  readonly line: number;
}

/** Every source file below some folders, as paths from the root. */
export function sourceFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter((name) => /\.(ts|mjs)$/.test(name) && !name.endsWith(".d.ts")),
  );
}

export function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** A source's text with comments and the contents of strings blanked, line for line. */
export function codeOf(file: string): string {
  const blank = (text: string): string => text.replace(/[^\n]/g, " ");
  return read(file).replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, (text) => (text.startsWith("`") ? keepHoles(text) : blank(text)));
}

/** Of a template the holes are code. */
function keepHoles(text: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, " ");
  let result = "";
  let at = 0;
  for (const hole of text.matchAll(/\$\{[^}]*\}/g)) {
    result += blank(text.slice(at, hole.index)) + hole[0];
    at = hole.index + hole[0].length;
  }
  return result + blank(text.slice(at));
}

const STATEMENT = /^[ \t]*(import|export)\s+(type\s+)?([^;]*?\sfrom\s+)?["']([^"']+)["']/gm;
const DYNAMIC = /\bimport\(\s*["']([^"']+)["']\s*\)/g;

export function importsOf(file: string): Import[] {
  const text = read(file);
  const found: Import[] = [];
  const add = (specifier: string, typesOnly: boolean, index: number): void => {
    const to = specifier.startsWith(".") ? normalize(join(dirname(file), specifier)).split("?")[0]! : specifier;
    found.push({ from: file, to, typesOnly, line: text.slice(0, index).split("\n").length });
  };
  for (const match of text.matchAll(STATEMENT)) add(match[4]!, match[2] !== undefined || onlyTypes(match[3] ?? ""), match.index);
  for (const match of text.matchAll(DYNAMIC)) add(match[1]!, false, match.index);
  return found;
}

/** `{ type A, type B } from` imports types alone. */
function onlyTypes(clause: string): boolean {
  const names = /^\{([^}]*)\}\s+from\s+$/.exec(clause)?.[1];
  if (names === undefined) return false;
  const parts = names.split(",").map((name) => name.trim()).filter((name) => name !== "");
  return parts.length > 0 && parts.every((name) => name.startsWith("type "));
}
