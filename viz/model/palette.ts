/** Which colour stands for what, by the names of the tokens in style/tokens.css. */
import type { Run } from "./run.ts";

const TERM_HUES = 8;
const FAMILY_HUES = 6;

/** A family of messages: a call and its reply have one hue, and the reply is drawn hollow. */
export interface MessageStyle {
  readonly family: string;
  /** The token's name. */
  readonly color: string;
  readonly isReply: boolean;
}

const REPLY = /(?:Reply|Response|Resp|Result|Ack|Acknowledgement|Ok)$/;

/** Term 0, before the first election, has no hue of its own. */
export function termToken(term: number): string {
  return term <= 0 ? "--ink-3" : `--term-${term % TERM_HUES}`;
}

/** The class that gives an element the token of a term. */
export function termClass(term: number): string {
  return term <= 0 ? "term-none" : `term-${term % TERM_HUES}`;
}

/** The name of a message type without what makes it a reply. */
export function familyOf(type: string): string {
  return type.replace(REPLY, "") || type;
}

/** Styles of all message types of a run between nodes; what goes to and from clients is one family. */
export class Palette {
  readonly families: readonly { readonly family: string; readonly color: string; readonly hasReply: boolean }[];
  readonly #styles = new Map<string, MessageStyle>();
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
    const types = nodeMessageTypes(run);
    const families = [...new Set(types.map(familyOf))].sort();
    // The commonest goes first, where the quietest colour is; the rest by name, so that they keep theirs in every run.
    const commonest = familyOf(run.story.messageTypes.find((type) => types.includes(type.name))?.name ?? "");
    families.sort((a, b) => Number(b === commonest) - Number(a === commonest));
    this.families = families.map((family, at) => ({
      family,
      color: `--message-${at % FAMILY_HUES}`,
      hasReply: types.some((type) => type !== family && familyOf(type) === family),
    }));
    for (const type of types) {
      const family = familyOf(type);
      const color = this.families.find((each) => each.family === family)?.color ?? "--message-client";
      this.#styles.set(type, { family, color, isReply: type !== family });
    }
  }

  styleOf(type: string, from: number, to: number): MessageStyle {
    if (this.#run.isClient(from)) return { family: "client", color: "--message-client", isReply: false };
    if (this.#run.isClient(to)) return { family: "client", color: "--message-client", isReply: true };
    return this.#styles.get(type) ?? { family: type, color: "--message-client", isReply: false };
  }
}

/** The types that nodes send to nodes. */
function nodeMessageTypes(run: Run): string[] {
  const { node, peer, name, words } = run.columns;
  const seen = new Set<number>();
  for (const start of run.flights.start) {
    if (!run.isClient(node[start] as number) && !run.isClient(peer[start] as number)) seen.add(name[start] as number);
  }
  return [...seen].map((code) => words[code] as string);
}
