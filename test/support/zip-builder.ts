import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip to build; every field of both headers can be set apart from the truth. */
export interface EntrySpec {
  readonly name: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** The compressed bytes, where they are not those of the content. */
  readonly data?: Uint8Array;
  readonly method?: number;
  /** Uses a data descriptor (flag bit 3), as Go's own writer does. */
  readonly descriptor?: 'signed' | 'bare' | 'wrong' | 'missing';
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly extra?: Uint8Array;
  readonly comment?: string;
  /** Bytes behind the compressed stream, inside the compressed size. */
  readonly smuggled?: Uint8Array;
  readonly localName?: string;
  readonly localExtra?: Uint8Array;
  readonly localMethod?: number;
  readonly localSignature?: number;
  /** Bytes that belong to no entry, in front of this one. */
  readonly gap?: Uint8Array;
  readonly unixMode?: number;
  /** Points the directory at the local header of that entry instead. */
  readonly sharesBodyOf?: number;
  readonly offset?: number;
}

/** A zip to build. */
export interface ZipSpec {
  readonly entries: readonly EntrySpec[];
  readonly leading?: Uint8Array;
  readonly beforeDirectory?: Uint8Array;
  readonly trailing?: Uint8Array;
  readonly comment?: Uint8Array;
  readonly commentLength?: number;
  readonly count?: number;
  readonly directorySize?: number;
  readonly directoryOffset?: number;
  /** Bytes between the directory and the end record, such as a zip64 locator. */
  readonly beforeEnd?: (directory: {
    readonly offset: number;
    readonly size: number;
    readonly end: number;
  }) => Uint8Array;
  /** Offsets count from the first byte of the archive, not of the file. */
  readonly relativeOffsets?: boolean;
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Little-endian fields: `[value, width]` pairs; widths 2, 4 and 8. */
export function pack(...fields: readonly (readonly [number | bigint, 2 | 4 | 8])[]): Uint8Array {
  const packed = new Uint8Array(fields.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const [value, width] of fields) {
    if (width === 2) view.setUint16(at, Number(value), true);
    else if (width === 4) view.setUint32(at, Number(value), true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return packed;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function descriptorOf(
  spec: EntrySpec,
  crc: number,
  [compressed, size]: readonly [number, number],
): Uint8Array {
  const fields = [
    [crc, 4],
    [compressed, 4],
    [size, 4],
  ] as const;
  if (spec.descriptor === 'signed') return pack([0x08074b50, 4], ...fields);
  if (spec.descriptor === 'bare') return pack(...fields);
  return spec.descriptor === 'wrong'
    ? pack([0x08074b50, 4], [crc ^ 1, 4], [compressed, 4], [size, 4])
    : new Uint8Array(0);
}

/** Builds a zip exactly as told, however wrong. */
export function buildZip(spec: ZipSpec): Uint8Array {
  const parts: Uint8Array[] = [spec.leading ?? new Uint8Array(0)];
  const lead = parts[0]?.length ?? 0;
  const base = spec.relativeOffsets === true ? lead : 0;
  let at = lead;
  const offsets: number[] = [];
  const central: Uint8Array[] = [];
  for (const entry of spec.entries) {
    const name = typeof entry.name === 'string' ? bytes(entry.name) : entry.name;
    const content =
      typeof entry.content === 'string'
        ? bytes(entry.content)
        : (entry.content ?? new Uint8Array(0));
    const method = entry.method ?? 8;
    const stream = method === 8 ? new Uint8Array(deflateRawSync(content)) : content;
    const data = join([entry.data ?? stream, entry.smuggled ?? new Uint8Array(0)]);
    const crc = entry.crc ?? crc32(content);
    const size = entry.size ?? content.length;
    const compressedSize = entry.compressedSize ?? data.length;
    const streamed = entry.descriptor !== undefined;
    const flags = (entry.flags ?? 0) | (streamed ? 8 : 0);
    if (entry.gap) {
      parts.push(entry.gap);
      at += entry.gap.length;
    }
    const localName = entry.localName === undefined ? name : bytes(entry.localName);
    const localExtra = entry.localExtra ?? new Uint8Array(0);
    const shared = entry.sharesBodyOf;
    offsets.push(entry.offset ?? (shared === undefined ? at - base : (offsets[shared] ?? 0)));
    if (shared === undefined) {
      const local = join([
        pack(
          [entry.localSignature ?? 0x04034b50, 4],
          [20, 2],
          [flags, 2],
          [entry.localMethod ?? method, 2],
          [0, 2],
          [0, 2],
        ),
        streamed
          ? pack([0, 4], [0, 4], [0, 4])
          : pack([crc, 4], [compressedSize % 2 ** 32, 4], [size % 2 ** 32, 4]),
        pack([localName.length, 2], [localExtra.length, 2]),
        localName,
        localExtra,
        data,
        descriptorOf(entry, crc, [data.length, content.length]),
      ]);
      parts.push(local);
      at += local.length;
    }
    const extra = entry.extra ?? new Uint8Array(0);
    const comment = bytes(entry.comment ?? '');
    central.push(
      join([
        pack(
          [0x02014b50, 4],
          [entry.unixMode === undefined ? 20 : 0x0314, 2],
          [20, 2],
          [flags, 2],
          [method, 2],
          [0, 2],
          [0, 2],
        ),
        pack(
          [crc, 4],
          [compressedSize % 2 ** 32, 4],
          [size % 2 ** 32, 4],
          [name.length, 2],
          [extra.length, 2],
          [comment.length, 2],
        ),
        pack([0, 2], [0, 2], [(entry.unixMode ?? 0) * 65536, 4], [offsets.at(-1) ?? 0, 4]),
        name,
        extra,
        comment,
      ]),
    );
  }
  const gap = spec.beforeDirectory ?? new Uint8Array(0);
  parts.push(gap);
  at += gap.length;
  const directory = join(central);
  const offset = at - base;
  const before =
    spec.beforeEnd?.({ offset, size: directory.length, end: at + directory.length }) ??
    new Uint8Array(0);
  const comment = spec.comment ?? new Uint8Array(0);
  const count = (spec.count ?? spec.entries.length) % 65536;
  parts.push(
    directory,
    before,
    pack(
      [0x06054b50, 4],
      [0, 2],
      [0, 2],
      [count, 2],
      [count, 2],
      [spec.directorySize ?? directory.length, 4],
    ),
    pack([spec.directoryOffset ?? offset, 4], [spec.commentLength ?? comment.length, 2]),
    comment,
    spec.trailing ?? new Uint8Array(0),
  );
  return join(parts);
}
