/**
 * What the format names and nothing serves yet. It is refused by name, never ignored and never called unknown. The
 * text beside each name is its place in the format's description. What is served must not stand here.
 */

type Names = { readonly [name: string]: string };

export function notSupported(what: string): string {
  return `${what} is not supported yet`;
}

/** Keys, by the part of the file in which they would stand; the file itself is the empty one. */
export const unsupportedKeys: { readonly [where: string]: Names } = {
  "": {
    alerts: "§3: other keys",
    explore: "§3: bounds of an exploration",
  },
  faults: {
    reconfigure: "§3: a protocol's own",
    transfer: "§3: a protocol's own",
  },
  expect: {
    readCommitted: "§5: levels of transactions",
    readAtomic: "§5: levels of transactions",
    transactionalCausal: "§5: levels of transactions",
    prefixConsistent: "§5: levels of transactions",
    snapshotIsolation: "§5: levels of transactions",
    serializable: "§5: levels of transactions",
    strictSerializable: "§5: levels of transactions",
  },
};
