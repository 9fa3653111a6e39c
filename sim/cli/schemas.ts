/** The JSON Schemas that are shipped, by the names of their files. The build writes them. */
import { protocols } from "../../protocols/index.ts";
import { scenarioJsonSchema } from "../scenario/json-schema.ts";
import { resultSchema } from "./result-schema.ts";

export const schemas: { readonly [name: string]: object } = { scenario: scenarioJsonSchema(Object.values(protocols)), result: resultSchema };
