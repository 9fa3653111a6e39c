/** The price list of a file. */
import type { Prices } from "../metrics/index.ts";
import { costItems, type CostItem } from "../metrics/cost.ts";
import type { ScenarioFile } from "./file.ts";
import { quote } from "./quantities.ts";
import type { Reader } from "./reader.ts";

/** Notes a price list without prices, and expectations about what has no price. */
export function checkCost(file: ScenarioFile, reader: Reader): void {
  const isGiven = reader.keyAt("cost") !== undefined;
  const prices = Object.values(costItems).map(({ price }) => price);
  if (isGiven && !prices.some((price) => reader.keyAt(`cost.${price}`) !== undefined)) {
    reader.report(reader.spotOf("cost"), "this price list holds no price", `prices: ${prices.join(", ")}`);
  }
  const { currency } = file.cost ?? {};
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency)) {
    reader.report(reader.spotOf("cost.currency"), `expected the code of a currency, such as USD or EUR, found ${quote(currency)}`);
  }
  for (const name of Object.keys(file.expect ?? {})) if (name.startsWith("cost.")) checkExpected(name, isGiven, reader);
}

function checkExpected(name: string, isGiven: boolean, reader: Reader): void {
  const key = reader.keyAt(`expect.${name}`);
  if (key === undefined) return;
  if (!isGiven) return void reader.report(key, `${quote(name)} needs prices: this file has no \`cost\``);
  const item = name.split(".").pop() as CostItem;
  if (!Object.hasOwn(costItems, item)) return;
  const { price } = costItems[item];
  if (reader.keyAt(`cost.${price}`) === undefined) reader.report(key, `${quote(name)} needs the price ${quote(price)}, which \`cost\` does not give`);
}

/** Undefined where the file gives none. Only for a file without mistakes. */
export function pricesOf(file: ScenarioFile, reader: Reader): Prices | undefined {
  return reader.keyAt("cost") === undefined ? undefined : (file.cost as Prices);
}
