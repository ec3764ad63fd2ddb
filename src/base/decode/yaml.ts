/** A place in a text, counted from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a text, and where. */
export interface TextFault extends TextPosition {
  readonly detail: string;
}

/** What a YAML text holds, or every fault in it. */
export interface YamlReading {
  /** Undefined where there are faults. */
  readonly value: unknown;
  readonly faults: readonly TextFault[];
  /** Where the value at a path of keys stands, or its key; the nearest that is there. */
  readonly locate: (path: readonly (string | number)[], part: 'key' | 'value') => TextPosition;
}

const START: TextPosition = { line: 1, column: 1 };

/** Parses one YAML 1.2 document. Aliases are refused: they can grow without bound. */
export async function decodeYaml(text: string): Promise<YamlReading> {
  // Loaded when it is asked for: half of the start of commands that read none.
  const { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: false, lineCounter });
  const at = (offset: number): TextPosition => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const faults = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    ...at(pos[0]),
    detail: firstLine(message),
  }));

  function childOf(node: unknown, key: string | number): unknown {
    if (isSeq(node) && typeof key === 'number') return node.items[key];
    if (!isMap(node)) return undefined;
    return node.items.find(({ key: name }) => (isScalar(name) ? name.value : name) === key);
  }

  const startOf = (node: unknown) =>
    (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0];

  function locate(path: readonly (string | number)[], part: 'key' | 'value'): TextPosition {
    let node: unknown = document.contents;
    let key: unknown;
    let offset = 0;
    for (const step of path) {
      const child = childOf(node, step);
      if (child === undefined) return at(offset);
      [key, node] = isPair(child) ? [child.key, child.value] : [child, child];
      offset = startOf(key) ?? offset;
    }
    return at(part === 'key' ? offset : (startOf(node) ?? offset));
  }

  if (faults.length > 0) return { value: undefined, faults, locate };
  try {
    return { value: document.toJS({ maxAliasCount: 0 }) as unknown, faults: [], locate };
  } catch (error) {
    const detail = firstLine(String(error));
    return { value: undefined, faults: [{ ...START, detail }], locate };
  }
}

/** Writes plain JSON as YAML. */
export async function encodeYaml(value: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { lineWidth: 0 });
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
