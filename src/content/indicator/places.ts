/** Endings of names that people register, and that ends of file names are not. */
const DOMAINS = new Set(
  'com net org edu gov mil int io co info biz dev app xyz top icu site online store tech club live shop pro me tv ai gg cloud space website host fun link click work life world today news media agency digital network systems services solutions group center zone email software tools network wtf lol onion example internal arpa mobi name ru cn de uk fr nl eu us ca au jp kr br in it es pl ch at be se no fi dk cz ua ir tw hk sg id vn tr za mx ar gr pt ie il hu ro bg su cc ws to ly is la sh im'.split(
    ' ',
  ),
);
/** Endings of file names, of which some are domains as well. */
const FILES = new Set(
  'sh pl cc is in it id at mm ps rs py so md go ts la im to me app dev ai'.split(' '),
);

const LABEL = /^(?!-)[\p{L}\p{N}_-]{1,63}(?<!-)$/u;

/** Four numbers of at most 255, without leading zeros. */
export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return (
    parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)
  );
}

/** Eight groups, or fewer around one double colon (RFC 4291, 2.2). */
export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const isMapped = last.includes('.');
  if (isMapped && !isIpv4(last)) return false;
  const plain = isMapped ? groups.slice(0, -1) : groups;
  const count = plain.length + (isMapped ? 2 : 0);
  return (
    plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) &&
    (halves.length === 2 ? count < 8 : count === 8)
  );
}

/** Addresses that name no machine outside: this one, none, every, a mask. */
export function isOwnAddress(text: string): boolean {
  return /^(?:0\.|127\.|255\.)/.test(text) || /^(?:::1?|fe80::|::ffff:127\..*)$/i.test(text);
}

/** A name of two labels and more, whose last is none of digits. */
export function isDomain(text: string): boolean {
  const labels = text.replace(/\.$/, '').split('.');
  const last = labels.at(-1) ?? '';
  return (
    labels.length > 1 &&
    text.length <= 253 &&
    labels.every((label) => LABEL.test(label)) &&
    /^(?:\p{L}{2,63}|xn--[a-z0-9-]+)$/iu.test(last)
  );
}

/** A host that stands for itself: a domain that is registered like that, and no file name. */
export function isHostAlone(text: string): boolean {
  const labels = text.toLowerCase().split('.');
  const last = labels.at(-1) ?? '';
  if (!isDomain(text) || !(DOMAINS.has(last) || last.startsWith('xn--'))) return false;
  return labels.length > 2 || !FILES.has(last);
}
