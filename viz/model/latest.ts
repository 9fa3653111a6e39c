/** Asks one question at a time and, when the answer comes, only the newest of those that came up meanwhile. */
export class Latest<Question, Reply> {
  readonly #ask: (question: Question) => Promise<Reply>;
  readonly #onReply: (reply: Reply, question: Question) => void;
  #isAsking = false;
  #next: Question | undefined;

  constructor(ask: (question: Question) => Promise<Reply>, onReply: (reply: Reply, question: Question) => void) {
    this.#ask = ask;
    this.#onReply = onReply;
  }

  want(question: Question): void {
    if (this.#isAsking) {
      this.#next = question;
      return;
    }
    this.#isAsking = true;
    void this.#ask(question).then((reply) => {
      this.#isAsking = false;
      this.#onReply(reply, question);
      const next = this.#next;
      this.#next = undefined;
      if (next !== undefined) this.want(next);
    });
  }
}
