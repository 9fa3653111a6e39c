/** The digest by its definition, in BigInt arithmetic and with no state between bytes. */
export function slowDigest(bytes: Uint8Array): string {
  const mask = 0xffff_ffffn;
  const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (32n - by))) & mask;
  const times = (x: bigint, y: bigint): bigint => (x * y) & mask;
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8);
  padded.set(bytes);
  const word = (at: number): bigint => [3, 2, 1, 0].reduce((sum, byte) => (sum << 8n) | BigInt(padded[at + byte] as number), 0n);
  let a = 0x53504c49n;
  let b = 0x5442524en;
  for (let at = 0; at < padded.length; at += 8) {
    a ^= times(rotate(times(word(at), 0xcc9e2d51n), 15n), 0x1b873593n);
    a = (times(rotate(a, 19n) + b, 5n) + 0x561ccd1bn) & mask;
    b ^= times(rotate(times(word(at + 4), 0x1b873593n), 17n), 0xcc9e2d51n);
    b = (times(rotate(b, 13n) + a, 5n) + 0x0bcaa747n) & mask;
  }
  a ^= BigInt(bytes.length) & mask;
  b ^= BigInt(bytes.length) >> 32n;
  const finish = (x: bigint): bigint => {
    let mixed = times(x ^ (x >> 16n), 0x85ebca6bn);
    mixed = times(mixed ^ (mixed >> 13n), 0xc2b2ae35n);
    return mixed ^ (mixed >> 16n);
  };
  a = (a + b) & mask;
  b = (b + a) & mask;
  a = finish(a);
  b = finish(b);
  a = (a + b) & mask;
  b = (b + a) & mask;
  return a.toString(16).padStart(8, "0") + b.toString(16).padStart(8, "0");
}
