/** What a hunt's standard output may be for. */
export const reporters = ["text", "json", "junit", "github"] as const;
export type Reporter = (typeof reporters)[number];

/** How a hunt chooses what it runs. */
export const searches = ["plain", "guided"] as const;
export type Search = (typeof searches)[number];

export const USUAL_SEARCH: Search = "plain";
