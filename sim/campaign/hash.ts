/** A text's hash as eight hexadecimal digits (FNV-1a over its UTF-16 units): for telling things apart, not for safety. */
export function hash32(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
