import { encodeUtf8 } from '#base';
import { createLayer, type Layer, putDirectory, putFile } from './overlay/layer.ts';

const FILES: readonly (readonly [string, string])[] = [
  [
    '/etc/passwd',
    'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nuser:x:1000:1000::/home/user:/bin/bash\n',
  ],
  ['/etc/hostname', 'build\n'],
  ['/etc/hosts', '127.0.0.1 localhost\n'],
];
const DIRECTORIES = ['/home/user', '/tmp', '/root', '/var/tmp'];

/** A small root for a suspect that believes it runs on Linux: the same for every case. */
export function createRoot(): Layer {
  const layer = createLayer('base');
  for (const path of DIRECTORIES) putDirectory(layer, path);
  for (const [path, content] of FILES) putFile(layer, path, encodeUtf8(content));
  return layer;
}
