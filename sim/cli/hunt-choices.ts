/** What a hunt's standard output may be for. */
export const reporters = ["text", "json", "junit", "github"] as const;
export type Reporter = (typeof reporters)[number];
