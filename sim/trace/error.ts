/** Why a trace cannot be read, in one sentence for people. */
export type TraceErrorKind = "foreign" | "newer" | "cut short" | "damaged";

export class TraceError extends Error {
  override readonly name = "TraceError";
  readonly kind: TraceErrorKind;

  constructor(kind: TraceErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
