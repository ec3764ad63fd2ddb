import { encodeUtf8, sha256Hex } from '#base';

/** A call stack without anything that differs between machines, builds or runs. */
export interface StackIdentity {
  /** SHA-256 of `text` in hex. */
  readonly hash: string;
  /** `function file` a line, innermost first. */
  readonly text: string;
}

const FRAMES = 8;
// Each captured frame costs: eight of ours below two of the gate's, and only then all that matter.
const FEW = 12;
const ALL = 48;
// The folder that holds the rooms: src when run from source, dist when built.
const ROOMS = new URL('../', import.meta.url).href;
// The gate itself stands in every stack and would only take up room.
const GATE = /^sandbox\//;
const STAGE = /^case\/stages\//;

/** What a frame is in the text: nothing, the end of it, or one line. */
type Frame = string | null | undefined;

function frameOf(site: NodeJS.CallSite, file: string): Frame {
  const url = file.startsWith('/') ? `file://${file}` : file;
  if (!url.startsWith(ROOMS)) return undefined;
  const room = url
    .slice(ROOMS.length)
    .replace(/[?].*$/, '')
    .replace(/\.[a-z]+$/, '');
  if (STAGE.test(room)) return null;
  return GATE.test(room) ? undefined : `${site.getFunctionName() ?? '<anonymous>'} ${room}`;
}

/** Identifies the callers; the same code path has the same identity on any machine. */
export function createStackIdentifier(): (above: CallableFunction) => StackIdentity {
  const known = new Map<string, StackIdentity>();
  // What a place in a file is, by file and position: a name is asked for once.
  const frames = new Map<string, Map<number, Frame>>();

  function cachedFrame(site: NodeJS.CallSite): Frame {
    const file = site.getFileName() ?? '';
    const position = (site as unknown as { getPosition(): number }).getPosition();
    let places = frames.get(file);
    if (places === undefined) {
      places = new Map();
      frames.set(file, places);
    }
    const cached = places.get(position);
    if (cached !== undefined || places.has(position)) return cached;
    const frame = frameOf(site, file);
    places.set(position, frame);
    return frame;
  }

  /** The text, and whether it came to its end: at a stage, or at the last frame that counts. */
  function normalize(sites: readonly NodeJS.CallSite[], limit: number): string | undefined {
    const lines: string[] = [];
    for (const site of sites) {
      const frame = cachedFrame(site);
      if (frame === undefined) continue;
      if (frame === null) return lines.join('\n');
      lines.push(frame);
      if (lines.length === FRAMES) return lines.join('\n');
    }
    return sites.length < limit || limit === ALL ? lines.join('\n') : undefined;
  }

  function capture(limit: number, above: CallableFunction): string | undefined {
    const { prepareStackTrace, stackTraceLimit } = Error;
    const holder: { stack?: string | undefined } = {};
    Error.stackTraceLimit = limit;
    Error.prepareStackTrace = (_, sites) => normalize(sites, limit);
    Error.captureStackTrace(holder, above);
    const text = holder.stack;
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
    return text;
  }

  return (above) => {
    const text = capture(FEW, above) ?? capture(ALL, above) ?? '';
    const identity = known.get(text) ?? { hash: sha256Hex(encodeUtf8(text)), text };
    known.set(text, identity);
    return identity;
  };
}
