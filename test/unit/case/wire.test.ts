import { writeFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ExaminationEvent, examine } from '#case';
import { encodeFrame, parseMessage, readFrames } from '../../../src/case/wire.ts';
import { composeInProcess } from '../../support/in-process.ts';
import { temporaryFolder } from '../../support/program.ts';
import { buildZip } from '../../support/zip-builder.ts';

const line = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Everything that an examination says, as it crosses the pipe. */
async function say(): Promise<readonly ExaminationEvent[]> {
  const zip = `${temporaryFolder()}/m.zip`;
  const name = (file: string) => `example.com/m@v1.0.0/${file}`;
  const source =
    'package m\n\nimport "os/exec"\n\n//go:generate true\n\nfunc init() { exec.Command("start-nothing", "http://a.example").Run() }\n';
  writeFileSync(
    zip,
    buildZip({
      entries: [
        { name: name('go.mod'), content: 'module example.com/m\n\nrequire example.com/x v1.0.0\n' },
        { name: name('m.go'), content: source },
        { name: name('CON'), content: 'x' },
      ],
    }),
  );
  const { request, examination } = await composeInProcess(zip);
  const events: ExaminationEvent[] = [];
  await examine(request, examination, (event) => events.push(event));
  return events;
}

test('what an examination says is taken as it is', async () => {
  const events = await say();
  expect(events.filter(({ type }) => type === 'examined')).toHaveLength(2);
  for (const event of events)
    expect(parseMessage(line({ type: 'event', event }))).toEqual({
      type: 'event',
      event: JSON.parse(JSON.stringify(event)),
    });
});

/** Every place in a value, as the keys that lead there. */
function placesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key])),
  ];
}

test('a field of another type, one too many or one that is missing is refused, wherever it is', async () => {
  const event = (await say()).at(-1);
  const message = JSON.parse(JSON.stringify({ type: 'event', event })) as Record<string, unknown>;
  const places = placesOf(message).filter((path) => path.length > 0);
  expect(places.length).toBeGreaterThan(150);
  let taken = 0;
  for (const path of places) {
    for (const change of ['other', 'more', 'less'] as const) {
      const copy = structuredClone(message);
      let at = copy as Record<string, unknown>;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
      const last = path.at(-1)!;
      const old = at[last];
      if (change === 'other')
        at[last] = typeof old === 'object' && old !== null ? 'text' : { a: 1 };
      else if (change === 'less' && !Array.isArray(at)) delete at[last];
      else if (change === 'more' && typeof old === 'object' && old !== null && !Array.isArray(old))
        (old as Record<string, unknown>)['more'] = 1;
      else continue;
      const parsed = parseMessage(line(copy));
      if (typeof parsed !== 'string') taken++;
      // What may be left out or be text all the same: optional fields.
      if (change !== 'less' && typeof parsed !== 'string')
        expect.fail(`${change} at ${path.join('.')}`);
    }
  }
  // Optional: places of steps, excerpts and the like.
  expect(taken).toBeLessThan(places.length / 4);
});

test('no line makes it throw, and no other key gets in', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc.json().map((json) => new TextEncoder().encode(json)),
      ),
      (bytes) => {
        expect(typeof parseMessage(bytes)).toBe('string');
      },
    ),
    { seed: 20261126, numRuns: Number(process.env['GLOVEBOX_RUNS'] ?? 1000) },
  );
  expect(
    parseMessage(new TextEncoder().encode('{"type":"examined","__proto__":{"a":1}}')),
  ).toBeTypeOf('string');
  expect(parseMessage(new TextEncoder().encode('{"type":"examined"}'))).toEqual({
    type: 'examined',
  });
});

test('frames come out as they went in, however they are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      async (bodies, size) => {
        const whole = Buffer.concat(
          bodies.flatMap((body, id) => encodeFrame({ type: 'answer', id, isThere: true }, body)),
        );
        async function* chunks() {
          for (let at = 0; at < whole.length; at += size)
            yield new Uint8Array(whole.subarray(at, at + size));
        }
        const out: Uint8Array[] = [];
        for await (const { frame, body } of readFrames(chunks())) {
          expect(frame).toMatchObject({ type: 'answer', id: out.length });
          out.push(Uint8Array.from(body));
        }
        expect(out).toEqual(bodies.map((body) => Uint8Array.from(body)));
      },
    ),
    { seed: 1, numRuns: 200 },
  );
});
