const TABLE = Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let k = 0; k < 8; k++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** CRC-32 of IEEE 802.3. */
export function crc32(found: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of found) value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** Adler-32 (RFC 1950). */
export function adler32(found: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of found) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}
