package stack

import "testing"

func TestPop(t *testing.T) {
	var s Stack[int]
	s.Push(1)
	if top, ok := s.Pop(); !ok || top != 1 {
		t.Fatalf("Pop() = %d, %v", top, ok)
	}
}
