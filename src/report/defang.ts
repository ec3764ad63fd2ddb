/** An address that nothing makes a link of: `hxxps://evil[.]example/x`. */
export function defang(text: string): string {
  return (
    text
      .replace(/\b(h)tt(ps?):\/\//gi, '$1xx$2://')
      .replace(/\b(wss?|ftp|tcp|udp|socks5):\/\//gi, '$1[:]//')
      // Host by host: looking back from each place costs the square of a long word.
      .replace(/\/\/[^\s/]+/g, (host) => host.replaceAll('.', '[.]'))
      .replace(/\b(www)\.(?=\w)/gi, '$1[.]')
      .replace(/\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b/g, '$1[.]$2[.]$3[.]$4')
      .replace(/(?<=[\w.+-])@(?=(?!v\d)[\w-]+\.[a-z])/gi, '[@]')
  );
}
