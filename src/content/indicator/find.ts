import { copyText } from '#base';

/** Something that names a place outside: an address, a host, a mailbox. */
export interface Indicator {
  readonly kind: 'url' | 'ip' | 'email';
  readonly value: string;
  readonly file: string;
  readonly line: number;
  /** True where the source does not show it as it is. */
  readonly decoded: boolean;
}

const CANDIDATE =
  /\b(?:https?|ftp|wss?|tcp|udp|socks5):\/\/[^\s"'`<>\\{}|^]{3,500}|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}\b/g;
const MOST_A_FILE = 500;

function toIndicator(text: string): Pick<Indicator, 'kind' | 'value'> | undefined {
  if (/^[a-z0-9]+:\/\//i.test(text))
    return { kind: 'url', value: text.replace(/[).,;:!?\]]+$/, '') };
  if (text.includes('@')) return { kind: 'email', value: text };
  // 0.0.0.0 and 127.0.0.1 name no place outside; four numbers may be a version.
  return isAddress(text) && !/^(0|127)\./.test(text) ? { kind: 'ip', value: text } : undefined;
}

function isAddress(text: string): boolean {
  return text.split('.').every((part) => Number(part) <= 255 && String(Number(part)) === part);
}

/** The addresses in a text, each value once with its first line. */
export function findIndicators(file: string, text: string): readonly Indicator[] {
  const found = new Map<string, Indicator>();
  let line = 1;
  let lineStart = 0;
  for (const { 0: match, index } of text.matchAll(CANDIDATE)) {
    const indicator = toIndicator(match);
    if (indicator === undefined || found.has(indicator.value)) continue;
    for (
      let at = text.indexOf('\n', lineStart);
      at >= 0 && at < index;
      at = text.indexOf('\n', lineStart)
    ) {
      line++;
      lineStart = at + 1;
    }
    const value = copyText(indicator.value);
    found.set(value, { kind: indicator.kind, value, file, line, decoded: false });
    if (found.size === MOST_A_FILE) break;
  }
  return [...found.values()];
}
