/** A text archive (golang.org/x/tools/txtar): a comment, then files. */
export interface TextArchive {
  readonly comment: string;
  /** In their order; names may repeat. */
  readonly files: readonly { readonly name: string; readonly content: Uint8Array }[];
}

const MARKER = /^-- (.*) --\n?$/;

/** Parses a text archive; names and contents as bytes stand there. */
export function parseTextArchive(bytes: Uint8Array): TextArchive {
  // As a byte string: some archives hold names that are no UTF-8 on purpose.
  const lines = Buffer.from(bytes)
    .toString('latin1')
    .split(/(?<=\n)/);
  const files: { name: string; text: string }[] = [];
  let comment = '';
  for (const line of lines) {
    const name = MARKER.exec(line)?.[1]?.trim();
    const last = files.at(-1);
    if (name !== undefined && name !== '') files.push({ name, text: '' });
    else if (last === undefined) comment += line;
    else last.text += line;
  }
  return {
    comment,
    files: files.map(({ name, text }) => ({ name, content: Buffer.from(withEnd(text), 'latin1') })),
  };
}

function withEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
