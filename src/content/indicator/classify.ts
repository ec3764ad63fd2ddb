import { isDomain, isHostAlone, isIpv4, isIpv6, isOwnAddress } from './places.ts';
import { isWallet } from './wallets.ts';

/** What an indicator names. */
export type IndicatorKind =
  | 'url'
  | 'host'
  | 'ip'
  | 'email'
  | 'path'
  | 'command'
  | 'registry-key'
  | 'wallet'
  | 'token'
  | 'env';

/** Something that a responder searches for elsewhere. */
export interface Named {
  readonly kind: IndicatorKind;
  readonly value: string;
}

const TOKENS = [
  'A(?:KIA|SIA)[0-9A-Z]{16}',
  'gh[pousr]_[A-Za-z0-9]{36}',
  'github_pat_[A-Za-z0-9_]{82}',
  'glpat-[A-Za-z0-9_-]{20}',
  'xox[abeoprs]-[0-9A-Za-z-]{10,200}',
  '\\d{8,10}:AA[A-Za-z0-9_-]{33}',
  'AIza[0-9A-Za-z_-]{35}',
  'npm_[A-Za-z0-9]{36}',
  'pypi-[A-Za-z0-9_-]{50,200}',
  '[rs]k_live_[0-9A-Za-z]{24,99}',
  'SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}',
  'eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,2000}\\.[A-Za-z0-9_-]{10,2000}',
  'hf_[A-Za-z0-9]{34}',
  'dop_v1_[a-f0-9]{64}',
  'sk-(?:proj-|ant-)?[A-Za-z0-9_-]{40,200}',
].join('|');
const WALLETS = [
  'bc1[02-9ac-hj-np-z]{11,71}',
  '[13T][1-9A-HJ-NP-Za-km-z]{25,34}',
  '0x[0-9a-fA-F]{40}',
].join('|');

/** Schemes in whatever case. */
const SCHEMES = 'https?|ftp|wss?|tcp|udp|socks5|ssh|ldaps?|smb|rtmp'.replace(
  /[a-z]/g,
  (letter) => `[${letter}${letter.toUpperCase()}]`,
);

/** What may be an indicator wherever it stands in a text. */
export const ANYWHERE = new RegExp(
  [
    `(?<url>\\b(?:${SCHEMES}):\\/\\/[^\\s"'\`<>\\\\{}|^]{3,500})`,
    '(?<ip>(?<![\\w.-]|[vV]ersion )(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w]|\\.\\d))',
    '(?<email>\\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,4}\\b)',
    `(?<token>(?<![\\w-])(?:${TOKENS})(?![\\w-]))`,
    `(?<wallet>\\b(?:${WALLETS})\\b)`,
  ].join('|'),
  'g',
);

/** The host of an address; verbs of fmt at its start stand for a label. */
function hostOf(url: string): string {
  const authority = /^[a-z0-9]+:\/\/([^/?#]*)/i.exec(url)?.[1] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'));
  return host.replace(/:\d{1,5}$/, '').replace(/%[svdq]/g, 'x');
}

function isOutside(host: string): boolean {
  if (isIpv4(host) || isIpv6(host)) return !isOwnAddress(host);
  // An address as one number: what connects takes it as it takes four.
  if (/^(?:0[xX][0-9a-fA-F]{8}|[1-9]\d{7,9})$/.test(host)) {
    const bytes = [24, 16, 8, 0].map((bits) => Math.floor(Number(host) / 2 ** bits) % 256);
    return Number(host) < 2 ** 32 && !isOwnAddress(bytes.join('.'));
  }
  return isDomain(host);
}

type Check = (text: string) => string | undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  url(text) {
    const url = text.replace(/[).,;:!?\]*_]+$/, '');
    return isOutside(hostOf(url)) ? url : undefined;
  },
  // Four numbers may be a version, which stands alone as well: only those that are no address are told.
  ip: (text) => (isIpv4(text) && !isOwnAddress(text) ? text : undefined),
  email: (text) => (isDomain(text.slice(text.indexOf('@') + 1)) ? text : undefined),
  token: (text) => text,
  wallet: (text) => (isWallet(text) ? text : undefined),
};

/** What a match of `ANYWHERE` names; undefined where it only looks so. */
export function checkMatch(
  groups: Readonly<Record<string, string | undefined>>,
): Named | undefined {
  for (const [kind, check] of Object.entries(CHECKS)) {
    const text = groups[kind];
    if (text === undefined) continue;
    const value = check(text);
    return value === undefined ? undefined : { kind: kind as IndicatorKind, value };
  }
  return undefined;
}

const SYSTEM_PATH =
  /^(?:\/(?:etc|home|root|usr|var|tmp|proc|dev|opt|bin|sbin|boot|run|sys|mnt|private|Library|Users|System|Applications)\/[^\s*?"'<>|;]{2,300}|(?:~|\$HOME|\$\{HOME\})\/[^\s"'<>|;]{2,300}|[A-Za-z]:\\[^\n"<>|*?]{2,300}|%(?:APPDATA|LOCALAPPDATA|TEMP|TMP|USERPROFILE|PROGRAMDATA|WINDIR|SYSTEMROOT)%\\[^\n"<>|*?]{1,300}|\\\\[\w.-]{1,63}\\[\w$.-]{1,80}(?:\\[^\n"<>|*?]{0,300})?)$/;
const HOME_SECRET =
  /^\.?(?:ssh\/(?:id_[a-z0-9]+|authorized_keys|known_hosts|config)|aws\/(?:credentials|config)|kube\/config|docker\/config\.json|netrc|npmrc|pypirc|git-credentials|bash_history|gnupg\/[\w.-]+)$/;
const NO_PLACES = new Set(['/dev/null', '/dev/stdin', '/dev/stdout', '/dev/stderr', '/dev/tty']);
const REGISTRY =
  /^(?:(?:HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG)|HK(?:LM|CU|CR|U|CC)):?\\\S|(?:SOFTWARE|SYSTEM)\\(?:Microsoft|CurrentControlSet|Policies|Wow6432Node|Classes)\\)[^\n"]{1,300}$/i;
const PROGRAMS =
  'bash|sh|zsh|dash|ksh|cmd(?:\\.exe)?|powershell(?:\\.exe)?|pwsh|curl|wget|certutil(?:\\.exe)?|nc|ncat|netcat|socat|python[23]?|perl|ruby|php|osascript|mshta|rundll32|regsvr32|bitsadmin|schtasks|crontab|systemctl|launchctl|chmod|chattr|rm|dd|mkfs[.\\w]*|iptables|ufw|setenforce|reg|wmic|msiexec|base64|scp|ssh|telnet|tftp|openssl|useradd|usermod|passwd|pkill|killall|nohup|sudo|start|vssadmin|netsh|at|eval|export|echo|cat|tar|unzip|sed|awk|kill|mkdir|touch|whoami|uname';
const COMMAND = new RegExp(
  `^(?:@?(?:/usr)?(?:/local)?/?s?(?:bin/)?)(?:${PROGRAMS})\\s+\\S[^\\n]{0,2000}$`,
);
/** Options, addresses, absolute paths, pipes: what prose does not have. */
const ARGUMENTS = /(?:^|\s)(?:-{1,2}[A-Za-z]|\/[A-Za-z]|https?:\/\/|[|>&;]|[~$]\S)/;

/** What a text names as a whole: a literal of the source, or a text that the code makes. */
export function nameWhole(text: string): Named | undefined {
  if (text.length < 4 || text.length > 2048) return undefined;
  if (REGISTRY.test(text)) return { kind: 'registry-key', value: text };
  if (SYSTEM_PATH.test(text) || HOME_SECRET.test(text))
    return NO_PLACES.has(text) ? undefined : { kind: 'path', value: text };
  if (COMMAND.test(text) && ARGUMENTS.test(text)) return { kind: 'command', value: text };
  const ip = /^\[([0-9a-f:.]+)\](?::\d{1,5})?$/i.exec(text)?.[1] ?? text;
  if (ip.includes(':') && /^[0-9a-f:.]+$/i.test(ip) && isIpv6(ip) && !isOwnAddress(ip))
    return { kind: 'ip', value: ip };
  const host = /^([\p{L}\p{N}._-]{4,253})(?::\d{1,5}(?:\/\S*)?)?$/u.exec(text)?.[1];
  if (host !== undefined && isHostAlone(host)) return { kind: 'host', value: text };
  return undefined;
}
