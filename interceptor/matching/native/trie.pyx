# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Finds short pieces in a text, compiled: a tree of their letters, from each place anew.

An automaton looks at each character of a text once. This looks at a few more, for no piece is long and few places begin
one; but all of it is a few arrays, which a text that nobody has asked for before finds sooner. Nothing in them is
taken from a text, so nothing in a text can lead beyond them.
"""

from array import array

cdef enum:
    NOWHERE = 0
    ROOT = 1
    NO_PIECE = -1
    PLANE = 0x10000
    DIRECT = 0x250  # Letters, the Latin ones, of which one look tells whether a piece begins with them.
    FEW = 8
    SPACE = 32


cdef class Trie:
    """Pieces with the kind of each, a number from 0 to 127. Immutable.

    The children of a node stand in a row, by their letters, and those of the next node behind them.
    """

    def __init__(self, pieces):
        """Take ``pieces``, a mapping; such as hold characters beyond the first plane are in no text that is asked."""
        cdef Py_ssize_t node = ROOT, start, stop, end, depth
        cdef str piece, letter
        held = sorted(item for item in pieces.items() if item[0] and ord(max(item[0])) < PLANE)
        letters, kinds, children = array("H", [0, 0]), array("b", [NO_PIECE] * 2), array("I", [ROOT + 1])
        starts, ends, depths = array("I", [0, 0]), array("I", [0, len(held)]), array("H", [0, 0])
        while node < len(letters):
            start, end, depth = starts[node], ends[node], depths[node]
            children.append(len(letters))
            if start < end:
                piece, kind = held[start]
                if len(piece) == depth:
                    kinds[node] = kind
                    start += 1
            while start < end:
                letter = held[start][0][depth]
                stop = start + 1
                while stop < end and held[stop][0][depth] == letter:
                    stop += 1
                letters.append(ord(letter))
                kinds.append(NO_PIECE)
                starts.append(start)
                ends.append(stop)
                depths.append(depth + 1)
                start = stop
            node += 1
        children.append(len(letters))
        self._children, self._letters, self._kinds = children, letters, kinds
        space = self._child(ROOT, SPACE)
        self._ends_at_space = self._kinds[space] != NO_PIECE
        self._roots = array("I", [self._child(ROOT, code) for code in range(DIRECT)])
        self._roots_behind_space = array("I", [self._child(space, code) for code in range(DIRECT)])

    def __repr__(self):
        return f"Trie({len(self._letters) - ROOT - 1} letters)"

    def find(self, str text):
        """Where pieces end in ``text``, each with its kind; of a text with characters beyond the first plane, nothing."""
        if not text or ord(max(text)) >= PLANE:
            return []
        cdef unsigned short[::1] letters = array("H", map(ord, text))
        cdef Cursor cursor = Cursor(0, 0, NOWHERE)
        found = []
        cdef int kind = self.next(&letters[0], len(text), &cursor)
        while kind >= 0:
            found.append((cursor.end, kind))
            kind = self.next(&letters[0], len(text), &cursor)
        return found

    cdef unsigned int _child(self, unsigned int node, unsigned short letter) noexcept:
        """The node that ``letter`` leads to from ``node``, or `NOWHERE`."""
        cdef unsigned int low = self._children[node], high = self._children[node + 1], middle
        while high - low > FEW:
            middle = (low + high) // 2
            if self._letters[middle] <= letter:
                low = middle
            else:
                high = middle
        while low < high:
            if self._letters[low] == letter:
                return low
            low += 1
        return NOWHERE

    cdef int next(self, const unsigned short* text, Py_ssize_t length, Cursor* cursor) noexcept:
        """The kind of the next piece in ``text``, from ``cursor`` on, which is moved there; `NO_PIECE` at the end."""
        cdef unsigned int node = cursor.node
        cdef Py_ssize_t start = cursor.start, place = cursor.end
        cdef unsigned short letter
        while True:
            if node == NOWHERE:
                if start >= length:
                    return NO_PIECE
                place = start
                start += 1
                letter = text[place]
                if letter == SPACE and place + 1 < length and text[place + 1] < DIRECT and not self._ends_at_space:
                    place += 1
                    node = self._roots_behind_space[text[place]]
                elif letter < DIRECT:
                    node = self._roots[letter]
                else:
                    node = self._child(ROOT, letter)
            else:
                place += 1
                node = self._child(node, text[place]) if place < length else NOWHERE
            if node != NOWHERE and self._kinds[node] >= 0:
                cursor.start, cursor.end, cursor.node = start, place, node
                return self._kinds[node]
