// Package stack is a plain library: nothing runs on import, nothing leaves the process.
package stack

// Stack is a last-in, first-out list.
type Stack[T any] struct {
	items []T
}

// Push puts an item on top.
func (s *Stack[T]) Push(item T) {
	s.items = append(s.items, item)
}

// Pop takes the item from the top; false when there is none.
func (s *Stack[T]) Pop() (T, bool) {
	var none T
	if len(s.items) == 0 {
		return none, false
	}
	top := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return top, true
}
