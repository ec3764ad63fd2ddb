import { encodeHex, encodeUtf8, equalBytes, keccak256, sha256 } from '#base';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** Bytes of base58, the first letters as leading zeros; undefined for another letter. */
function decodeBase58(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const letter of text) {
    let carry = BASE58.indexOf(letter);
    if (carry < 0) return undefined;
    for (let i = 0; i < bytes.length; i++) {
      carry += (bytes[i] ?? 0) * 58;
      bytes[i] = carry % 256;
      carry = Math.floor(carry / 256);
    }
    for (; carry > 0; carry = Math.floor(carry / 256)) bytes.push(carry % 256);
  }
  for (let i = 0; text[i] === '1'; i++) bytes.push(0);
  return Uint8Array.from(bytes.reverse());
}

/** A version byte, twenty bytes, and the start of the doubled SHA-256 over them. */
function isBase58Check(text: string): boolean {
  const bytes = decodeBase58(text);
  if (bytes?.length !== 25) return false;
  return equalBytes(sha256(sha256(bytes.subarray(0, 21))).subarray(0, 4), bytes.subarray(21));
}

/** The polynomial of BIP 173 over the letters; 1 for bech32, another constant for bech32m (BIP 350). */
function isBech32(text: string): boolean {
  const at = text.lastIndexOf('1');
  const prefix = [...text.slice(0, at)].map((letter) => letter.charCodeAt(0));
  const values = [...text.slice(at + 1)].map((letter) => BECH32.indexOf(letter));
  if (values.length < 6 || values.includes(-1)) return false;
  const words = [
    ...prefix.map((code) => code >> 5),
    0,
    ...prefix.map((code) => code & 31),
    ...values,
  ];
  const factors = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
  let sum = 1;
  for (const word of words) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ word;
    for (const [i, factor] of factors.entries()) if (((top >> i) & 1) === 1) sum ^= factor;
  }
  return sum === 1 || sum === 0x2bc830a3;
}

/** Capitals where the Keccak of the letters says so (EIP-55); letters of one case carry no sum, and may be any number. */
function isEthereum(text: string): boolean {
  const letters = text.slice(2);
  const sum = encodeHex(keccak256(encodeUtf8(letters.toLowerCase())));
  const isMixed = /[a-f]/.test(letters) && /[A-F]/.test(letters);
  return (
    isMixed &&
    [...letters].every((letter, i) =>
      /\d/.test(letter) ? true : (letter === letter.toUpperCase()) === Number(`0x${sum[i]}`) > 7,
    )
  );
}

/** True for an account of a currency: its check sum holds. */
export function isWallet(text: string): boolean {
  if (text.startsWith('0x')) return isEthereum(text);
  return text.startsWith('bc1') ? isBech32(text) : isBase58Check(text);
}
