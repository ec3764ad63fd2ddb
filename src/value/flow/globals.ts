import { copyText } from '#base';
import type { FileSource } from '#golang';
import type { FlowModel } from './model.ts';
import { unquoted } from './texts.ts';

/** Literals that a declaration is made of. */
function textsIn({ view }: FileSource, node: number): readonly string[] {
  const { kind, skip } = view.tree;
  const { interpreted_string_literal: quoted, raw_string_literal: raw } = view.grammar.kind;
  const texts: string[] = [];
  for (let i = node; i < (skip[node] as number) && texts.length < 8; i++)
    if (kind[i] === quoted || kind[i] === raw) texts.push(unquoted(view.textOf(i)));
  return texts;
}

/** Declares the variables and constants of a file: one node for each variable, whoever writes it. */
export function declareNames(model: FlowModel, file: FileSource, home: string): void {
  const { view } = file;
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one declaration after the other.
  const spec = (node: number, isVariable: boolean): void => {
    if (view.is(node, 'var_spec_list'))
      for (const part of view.children(node)) spec(part, isVariable);
    if (!view.is(node, 'var_spec') && !view.is(node, 'const_spec')) return;
    const value = view.child(node, 'value');
    const texts = value < 0 ? [] : textsIn(file, value);
    for (const name of view.children(node, 'name').map(view.textOf)) {
      const full = copyText(`${home}.${name}`);
      if (texts.length > 0) model.texts.set(full, texts);
      if (!isVariable || name === '_') continue;
      const cell = model.graph.node(-1, 0);
      const obj = { cell, refs: new Map(), isChannel: false, texts };
      if (!model.globals.has(full)) model.globals.set(full, { node: cell, obj });
    }
  };
  for (const node of view.children(0)) {
    if (view.is(node, 'type_declaration')) {
      for (const type of view.children(node))
        if (view.is(view.child(type, 'type'), 'struct_type'))
          model.structs.add(copyText(`${home}.${view.textOf(view.child(type, 'name'))}`));
      continue;
    }
    const isVariable = view.is(node, 'var_declaration');
    if (!isVariable && !view.is(node, 'const_declaration')) continue;
    for (const part of view.children(node)) spec(part, isVariable);
  }
}
