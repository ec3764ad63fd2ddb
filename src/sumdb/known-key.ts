/** The key of sum.golang.org that the go command has built in (cmd/go/internal/modfetch/key.go). */
export const GO_SUMDB_KEY = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8';
