// The rooms of analysis, sandbox and seal are loaded with the first case: verifying a zip needs none of
// them, and starts in half the time.

/** {@link import('./examine.ts').examine} */
export async function examine(
  ...args: Parameters<typeof import('./examine.ts').examine>
): Promise<void> {
  const room = await import('./examine.ts');
  return room.examine(...args);
}

/** {@link import('./run-case.ts').runCase} */
export async function runCase(
  ...args: Parameters<typeof import('./run-case.ts').runCase>
): ReturnType<typeof import('./run-case.ts').runCase> {
  const room = await import('./run-case.ts');
  return room.runCase(...args);
}
