import { createFlatTree, createTreeView } from '#golang';
import { under } from '../run/types.ts';
import { UNKNOWN, type Value } from '../run/value.ts';
import type { Code, Declaration, PackageCode } from './model.ts';

/** Keeps what a package declares, as far as it is known, and lets go of its code. */
export function letGoOf(home: PackageCode): void {
  home.isReleased = true;
  for (const [name, all] of home.declarations) home.declarations.set(name, all.flatMap(settled));
  for (const code of [...home.functions, ...home.inits]) forget(code);
  for (const { code } of home.variables) forget(code);
  home.functions.length = 0;
  home.inits.length = 0;
  home.constants.length = 0;
  home.methods.clear();
  home.once = new Map();
  for (const file of home.files) {
    const { grammar } = file.view;
    file.view = createTreeView(createFlatTree(0), '', grammar);
  }
}

/** A constant, where it can be read; thousands of each other cannot. */
function valueOrUnknown(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return UNKNOWN;
    throw error;
  }
}

/** What is left of a declaration: values and types, and no code. */
function settled(declared: Declaration): readonly Declaration[] {
  const { kind, file } = declared;
  if (kind === 'constant') {
    const value = valueOrUnknown(declared.value);
    return [{ kind, file, value: () => value }];
  }
  if (kind === 'type') {
    const type = declared.type();
    under(type);
    return [{ kind, file, type: () => type }];
  }
  return kind === 'variable' ? [declared] : [];
}

function forget(code: Code): void {
  for (const one of [code, ...code.literals]) {
    one.body = undefined;
    one.hasRun = true;
    one.unused = undefined;
    one.sightings.length = 0;
  }
  code.literals.length = 0;
}
