/** Where the bytes of a trace come from. */
export interface ByteSource {
  /** What it is called in messages: a path, or `the trace`. */
  readonly name: string;
  readonly size: number;
  /** `length` bytes from an offset. It is only asked for bytes that exist. */
  read(offset: number, length: number): Uint8Array;
}

export function memorySource(bytes: Uint8Array, name = "the trace"): ByteSource {
  return { name, size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}
