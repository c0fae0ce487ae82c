cdef struct Cursor:
    Py_ssize_t start  # Where the pieces begin that are looked for.
    Py_ssize_t end  # Where the piece ends that was found: the place of its last character.
    unsigned int node


cdef class Trie:
    cdef unsigned int[::1] _children
    cdef unsigned short[::1] _letters
    cdef signed char[::1] _kinds
    cdef unsigned int[::1] _roots, _roots_behind_space
    cdef bint _ends_at_space

    cdef unsigned int _child(self, unsigned int node, unsigned short letter) noexcept
    cdef int next(self, const unsigned short* text, Py_ssize_t length, Cursor* cursor) noexcept
