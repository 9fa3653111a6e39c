import { Log } from "../protocol.ts";

/**
 * Freezes plain data all the way down; what is frozen already is taken to be so below. A TypeError names what is not
 * plain data: a function, a Map, an object with a class.
 */
export function freeze<T>(value: T, path = "it"): T {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") throw notPlain(path, `a ${typeof value}`);
    return value;
  }
  if (Array.isArray(value)) return freezeList(value, path);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !(value instanceof Log)) {
    throw notPlain(path, `a ${(prototype as { constructor?: { name?: string } }).constructor?.name ?? "class instance"}`);
  }
  // To ask whether something is frozen costs as much as to freeze it, and most messages hold nothing but scalars.
  if (!holdsMore(value)) return Object.freeze(value);
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key in value) {
    const item = value[key];
    if (isWorthALook(item)) freeze(item, key);
  }
  return value;
}

function freezeList<T>(list: T, path: string): T {
  if (Object.isFrozen(list)) return list;
  Object.freeze(list);
  for (const item of list as readonly unknown[]) if (isWorthALook(item)) freeze(item, `an item of ${path}`);
  return list;
}

function holdsMore(value: object): boolean {
  for (const key in value) if (isWorthALook((value as { readonly [key: string]: unknown })[key])) return true;
  return false;
}

/** False for the scalars, which is what most plain data is made of. */
function isWorthALook(item: unknown): boolean {
  const type = typeof item;
  return type !== "number" && type !== "string" && type !== "boolean";
}

function notPlain(path: string, what: string): TypeError {
  return new TypeError(`what is sent, replied or emitted must be plain data, and ${path} is ${what}`);
}
