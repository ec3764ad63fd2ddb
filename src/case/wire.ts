import * as v from 'valibot';
import { concatBytes, decodeJson, decodeUtf8, encodeUtf8, hasHalfCharacter } from '#base';
import type { WhyQuestion } from '#golang';
import type { GoSumLine, ModuleVersion } from '#module';
import type { LoadedProfile } from '#sandbox';
import {
  evidenceSchema,
  faultSchema,
  findingSchema,
  goSumSchema,
  recordSchema,
  sumdbSchema,
  whySchema,
} from './evidence-schema.ts';

// Between the side that seals and the side that reads: frames with bytes go in, lines of JSON come out.

/** Whom the jailed side may ask about hashes, by way of the other side. */
export type SumdbSetup =
  | { readonly kind: 'none' }
  | { readonly kind: 'proof'; readonly key: string; readonly proof: string }
  | {
      readonly kind: 'log';
      readonly key: string;
      readonly source: 'network' | 'directory';
      readonly place: string;
      readonly skipped: string;
    };

/** What goes in: one line of JSON, then `body` bytes. */
export type Frame = { readonly body: number } & (
  | {
      readonly type: 'setup';
      readonly goSum: readonly GoSumLine[] | null;
      readonly sumdb: SumdbSetup;
      readonly profile: LoadedProfile | null;
      readonly version: string;
    }
  | {
      readonly type: 'examine';
      readonly stated: ModuleVersion | null;
      readonly why: WhyQuestion | null;
      /** Lengths of the zips of other modules, which follow the module's own in the body. */
      readonly with: readonly number[];
      /** True when a module cache may be asked. */
      readonly modcache: boolean;
    }
  | { readonly type: 'verify'; readonly stated: ModuleVersion | null }
  | { readonly type: 'answer'; readonly id: number; readonly isThere: boolean }
  | {
      readonly type: 'refusal';
      readonly id: number;
      readonly code: string;
      readonly message: string;
    }
);

type WithoutBody<Kind> = Kind extends Frame ? Omit<Kind, 'body'> : never;

/** A frame without its length, which is that of its body. */
export type FrameHead = WithoutBody<Frame>;

/** The bytes of a frame: two parts, so that a large body is not copied. */
export function encodeFrame(frame: FrameHead, body: Uint8Array): readonly Uint8Array[] {
  return [encodeUtf8(`${JSON.stringify({ ...frame, body: body.length })}\n`), body];
}

/** Cuts what comes in into frames. What comes in is from the side that is trusted. */
export async function* readFrames(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly frame: Frame; readonly body: Uint8Array }> {
  let parts: Uint8Array[] = [];
  let held = 0;
  let frame: Frame | undefined;
  const take = (length: number): Uint8Array => {
    const whole = parts.length === 1 && parts[0] ? parts[0] : concatBytes(...parts);
    parts = [whole.subarray(length)];
    held -= length;
    return whole.subarray(0, length);
  };
  for await (const chunk of chunks) {
    parts.push(chunk);
    held += chunk.length;
    for (;;) {
      if (frame === undefined) {
        const end = endOfLine(parts);
        if (end < 0) break;
        const line = take(end + 1);
        frame = decodeJson(decodeUtf8(line) ?? '') as unknown as Frame;
      }
      if (held < frame.body) break;
      const body = take(frame.body);
      yield { frame, body };
      frame = undefined;
    }
  }
}

/** The place of the first line feed over all parts; -1 where there is none. */
function endOfLine(parts: readonly Uint8Array[]): number {
  let before = 0;
  for (const part of parts) {
    const at = part.indexOf(10);
    if (at >= 0) return before + at;
    before += part.length;
  }
  return -1;
}

const stage = v.picklist(['intake', 'integrity', 'analysis', 'detection', 'sealing']);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const event = v.variant('type', [
  v.strictObject({ type: v.picklist(['stage.started', 'stage.finished']), stage }),
  v.strictObject({ type: v.literal('stage.failed'), stage, detail: v.string() }),
  v.strictObject({ type: v.literal('progress'), stage, done: count, total: count }),
  v.strictObject({ type: v.literal('access'), record: recordSchema }),
  v.strictObject({ type: v.literal('finding'), finding: findingSchema }),
  v.strictObject({ type: v.literal('why'), why: whySchema }),
  v.strictObject({ type: v.literal('examined'), evidence: evidenceSchema }),
]);

const verification = v.strictObject({
  subject: v.nullable(v.strictObject({ path: v.string(), version: v.string() })),
  accepted: v.boolean(),
  faults: v.array(faultSchema),
  h1: v.nullable(v.string()),
  goModH1: v.nullable(v.string()),
  gaps: v.array(v.strictObject({ code: v.string(), index: v.nullable(count), detail: v.string() })),
  goSum: goSumSchema,
  sumdb: sumdbSchema,
  zip: v.strictObject({ size: count, sha256: v.string() }),
  isSound: v.boolean(),
  isConcluded: v.boolean(),
});

const base64 = v.pipe(v.string(), v.base64());

/** What comes out, one object a line. */
const messageSchema = v.variant('type', [
  v.strictObject({ type: v.literal('event'), event }),
  v.strictObject({
    type: v.literal('ask'),
    id: count,
    question: v.variant('port', [
      v.strictObject({
        port: v.picklist(['log', 'cache']),
        path: v.pipe(v.string(), v.maxLength(8192)),
        limit: count,
      }),
      v.strictObject({
        port: v.literal('module'),
        path: v.pipe(v.string(), v.maxLength(8192)),
        version: v.pipe(v.string(), v.maxLength(8192)),
        file: v.picklist(['zip', 'mod']),
      }),
      v.strictObject({ port: v.literal('latest') }),
      v.strictObject({ port: v.literal('replace'), before: v.nullable(base64), after: base64 }),
      v.strictObject({
        port: v.literal('keep'),
        path: v.pipe(v.string(), v.maxLength(8192)),
        bytes: base64,
      }),
    ]),
  }),
  v.strictObject({ type: v.literal('examined') }),
  v.strictObject({ type: v.literal('verified'), verification }),
  v.strictObject({
    type: v.literal('failed'),
    /** Null for a fault of ours. */
    code: v.nullable(v.picklist(['NOT_A_ZIP', 'PARSER'])),
    message: v.string(),
  }),
]);

export type Message = v.InferOutput<typeof messageSchema>;
export type PortQuestion = Extract<Message, { readonly type: 'ask' }>['question'];

/** A line of the jailed side; a text says what is wrong with it. */
export function parseMessage(line: Uint8Array): Message | string {
  const text = decodeUtf8(line);
  // Nothing that is sealed can hold half a character.
  if (text === undefined || hasHalfCharacter(text)) return 'it is not well-formed text';
  const value = decodeJson(text);
  if (value === undefined) return 'it is not JSON';
  const result = v.safeParse(messageSchema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  return `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`;
}
