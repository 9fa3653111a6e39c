/** A question that cannot be asked: an unknown name, or one that is not supported yet. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}
