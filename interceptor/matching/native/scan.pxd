cdef enum:
    LONGEST = 512  # Characters of a query that is scanned; nearly all have fewer.
    SPACE = 32

cdef struct Scan:
    Py_ssize_t length  # Characters of the plain view.
    Py_ssize_t keys  # Characters of the skeleton.
    unsigned short traits  # What the characters are, all together: `traits.Trait`.
    bint is_ascii  # Whether the plain view is.
    bint is_plainly_spaced  # As `causes.is_plainly_spaced` has it, where no sign stands before the first word.
    bint operates  # Whether there may be an operator.
    unsigned short[LONGEST + 2] text
    unsigned short[LONGEST + 2] key

cdef bint scan(str query, Scan* found) except -1
cdef Py_ssize_t put_skeleton(str text, bint signs, unsigned short* key) noexcept
cdef str string(const unsigned short* letters, Py_ssize_t length)
