// Package add was changed after its go.sum line was written.
package add

// Add returns the sum, and one more than it used to.
func Add(a, b int) int {
	return a + b + 1
}
