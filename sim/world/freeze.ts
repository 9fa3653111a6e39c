/**
 * Freezes plain data all the way down; what is frozen already is taken to be so below. A TypeError names what is not
 * plain data: a function, a Map, an object with a class.
 */
export function freeze<T>(value: T, path = "it"): T {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") throw notPlain(path, `a ${typeof value}`);
    return value;
  }
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) {
    Object.freeze(value);
    for (const item of value) if (typeof item === "object" || typeof item === "function") freeze(item, `an item of ${path}`);
    return value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !("toJSON" in value)) {
    throw notPlain(path, `a ${(prototype as { constructor?: { name?: string } }).constructor?.name ?? "class instance"}`);
  }
  Object.freeze(value);
  for (const key in value) {
    const item = value[key];
    if (typeof item === "object" || typeof item === "function") freeze(item, key);
  }
  return value;
}

function notPlain(path: string, what: string): TypeError {
  return new TypeError(`what is sent, replied or emitted must be plain data, and ${path} is ${what}`);
}
