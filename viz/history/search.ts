/** Finds operations by words: each must be the name of a client or a key, or stand in what the operation says. */
import type { HistoryData } from "./data.ts";

/** Positions, in order. */
export function search({ clients, operations }: HistoryData, text: string): number[] {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const isMeant = (word: string, at: number): boolean => {
    const { row, key, what, outcome } = operations[at]!;
    return clients[row]!.toLowerCase() === word || key.toLowerCase() === word || outcome === word || tokens(what).includes(word);
  };
  return operations.flatMap((_, at) => (words.every((word) => isMeant(word, at)) ? [at] : []));
}

function tokens(what: string): string[] {
  return what.toLowerCase().split(/[\s,"[\]{}():→]+/);
}
