/** An http or https address without its user and password: what may be shown and kept. */
export function withoutCredentials(address: string): string {
  return address.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1');
}
