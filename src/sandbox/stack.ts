import { encodeUtf8, sha256Hex } from '#base';

/** A call stack without anything that differs between machines, builds or runs. */
export interface StackIdentity {
  /** SHA-256 of `text` in hex. */
  readonly hash: string;
  /** `function file` a line, innermost first. */
  readonly text: string;
}

const FRAMES = 8;
const CAPTURED = 32;
// The folder that holds the rooms: src when run from source, dist when built.
const ROOMS = new URL('../', import.meta.url).href;
// The gate itself stands in every stack and would only take up room.
const GATE = /^sandbox\//;
const STAGE = /^case\/stages\//;

function frameOf(site: NodeJS.CallSite): string | undefined {
  const file = site.getFileName() ?? '';
  const url = file.startsWith('/') ? `file://${file}` : file;
  if (!url.startsWith(ROOMS)) return undefined;
  const room = url
    .slice(ROOMS.length)
    .replace(/[?].*$/, '')
    .replace(/\.[a-z]+$/, '');
  return GATE.test(room) ? undefined : `${site.getFunctionName() ?? '<anonymous>'} ${room}`;
}

function normalize(sites: readonly NodeJS.CallSite[]): string {
  const frames: string[] = [];
  for (const site of sites) {
    const frame = frameOf(site);
    if (frame === undefined) continue;
    if (STAGE.test(frame.slice(frame.indexOf(' ') + 1)) || frames.length === FRAMES) break;
    frames.push(frame);
  }
  return frames.join('\n');
}

/** Identifies the callers; the same code path has the same identity on any machine. */
export function createStackIdentifier(): () => StackIdentity {
  const known = new Map<string, StackIdentity>();

  return () => {
    const { prepareStackTrace, stackTraceLimit } = Error;
    const holder: { stack?: string } = {};
    Error.stackTraceLimit = CAPTURED;
    Error.prepareStackTrace = (_, sites) => normalize(sites);
    Error.captureStackTrace(holder);
    const text = holder.stack ?? '';
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
    const identity = known.get(text) ?? { hash: sha256Hex(encodeUtf8(text)), text };
    known.set(text, identity);
    return identity;
  };
}
