/** What a YAML text holds, or every fault in it, each with its line. */
export type YamlReading =
  | { readonly value: unknown; readonly faults: readonly [] }
  | { readonly value: undefined; readonly faults: readonly string[] };

/** Parses one YAML 1.2 document. Aliases are refused: they can grow without bound. */
export async function decodeYaml(text: string): Promise<YamlReading> {
  // Loaded when it is asked for: half of the start of commands that read none.
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true });
  const faults = [...document.errors, ...document.warnings].map((fault) =>
    firstLine(fault.message),
  );
  if (faults.length > 0) return { value: undefined, faults };
  try {
    return { value: document.toJS({ maxAliasCount: 0 }) as unknown, faults: [] };
  } catch (error) {
    return { value: undefined, faults: [firstLine(String(error))] };
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}
