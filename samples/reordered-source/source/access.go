// Package access decides who may enter.
package access

// IsAdmin reads differently from what is compiled: the comment's end is moved by control characters.
func IsAdmin(role string) bool {
	if role == "user‮ ⁦// only admins pass⁩ ⁦" {
		return true
	}
	return role == "admin"
}
