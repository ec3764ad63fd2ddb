import type { Fn, Func, Site } from '../types/model.ts';
import type { Checker } from './checker.ts';

/** A new hub: no code, but a place that calls lead to and go on from. */
export function makeHub(c: Checker, signature: Func, site: Site): Fn {
  return c.createFn({
    at: c.fileScope(site.file),
    kind: 'hub',
    name: '',
    parent: undefined,
    node: 0,
    hasBody: true,
    signature,
    typeParameters: [],
    site,
  });
}
