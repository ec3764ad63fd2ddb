import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/** Real modules that need no others: a type-checker can be asked about them as they are. */
export const STANDALONE_MODULES = [
  'github.com/klauspost/compress@v1.17.11',
  'github.com/godbus/dbus/v5@v5.0.4',
  'github.com/gorilla/websocket@v1.5.3',
  'github.com/modern-go/reflect2@v1.0.2',
  'github.com/lib/pq@v1.10.9',
  'github.com/emicklei/go-restful/v3@v3.11.0',
  'github.com/BurntSushi/toml@v1.4.0',
  'github.com/go-logr/logr@v1.4.1',
  'github.com/google/go-cmp@v0.6.0',
  'github.com/go-chi/chi/v5@v5.2.0',
  'github.com/golang-jwt/jwt/v5@v5.2.1',
  'github.com/go-zookeeper/zk@v1.0.3',
  'github.com/mitchellh/mapstructure@v1.5.0',
  'github.com/golang/snappy@v0.0.4',
  'github.com/asaskevich/govalidator@v0.0.0-20230301143203-a9d515a09cc2',
  'github.com/google/uuid@v1.6.0',
  'github.com/yuin/goldmark@v1.7.8',
  'github.com/spf13/pflag@v1.0.5',
  'github.com/rs/xid@v1.6.0',
] as const;

/** Real modules with files of many kinds: pictures, programs, archives, packed data. */
export const MODULES_WITH_FILES = [
  'github.com/gabriel-vasile/mimetype@v1.4.16',
  'github.com/h2non/filetype@v1.1.3',
  'github.com/cilium/ebpf@v0.22.0',
  'github.com/tetratelabs/wazero@v1.12.0',
  'github.com/bodgit/sevenzip@v1.6.5',
  'github.com/nwaples/rardecode/v2@v2.4.6',
  'github.com/ulikunitz/xz@v0.5.17',
  'github.com/saferwall/pe@v1.6.5',
  'github.com/mattn/go-sqlite3@v1.14.53',
  'golang.org/x/image@v0.48.0',
  'golang.org/x/tools@v0.52.0',
  'golang.org/x/net@v0.62.0',
  'golang.org/x/crypto@v0.59.0',
  'golang.org/x/mod@v0.43.0',
  'golang.org/x/exp@v0.0.0-20261113113407-e3970619a1a4',
  'google.golang.org/protobuf@v1.36.12',
  'google.golang.org/grpc@v1.85.0',
  'github.com/gin-gonic/gin@v1.12.0',
  'github.com/spf13/cobra@v1.10.2',
  'github.com/stretchr/testify@v1.12.1',
  'github.com/sirupsen/logrus@v1.10.2',
  'github.com/prometheus/client_golang@v1.25.0',
  'github.com/gogo/protobuf@v1.3.2',
  'github.com/mailru/easyjson@v0.9.2',
  'github.com/richardlehane/mscfb@v1.0.9',
  'github.com/dsnet/compress@v0.0.1',
  'github.com/pierrec/lz4/v4@v4.1.33',
  'github.com/sassoftware/go-rpmutils@v0.4.0',
  'github.com/blakesmith/ar@v0.0.0-20190502131153-809d4375e1fb',
  'github.com/cavaliergopher/cpio@v1.0.1',
  'golang.org/x/sys@v0.28.0',
  'golang.org/x/text@v0.21.0',
] as const;

/** The folder of a module in the module cache; the go command fetches and verifies it. */
export function moduleDirectory(module: string): string {
  const out = execFileSync('go', ['mod', 'download', '-json', module], {
    cwd: tmpdir(),
    encoding: 'utf8',
  });
  return (JSON.parse(out) as { readonly Dir: string }).Dir;
}
