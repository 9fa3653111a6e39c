/** Prints generated scenarios as a JSON array of texts: `texts COUNT SEED`. */
import { sampleTexts } from "../determinism/sample.ts";

const [count, seed] = process.argv.slice(2).map(Number) as [number, number];
process.stdout.write(JSON.stringify(sampleTexts(count, seed)));
