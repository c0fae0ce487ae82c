# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Tells of most queries that nothing can match in them, compiled: the way of `Sieve.need`, as far as one pass goes.

What it does not know is left to the sieve, and so are the steps that few queries need. Everything of one call is on its
stack, so that another thread may come in between.
"""

from interceptor.matching.native.scan cimport (
    LONGEST, SPACE, Scan, put_skeleton, scan, string,
)
from interceptor.matching.native.trie cimport Cursor, Trie

from interceptor.folding import plain
from interceptor.folding.drawings import read_at
from interceptor.folding.leet import strokes
from interceptor.matching import operators
from interceptor.matching.native.traits import Trait
from interceptor.matching.pieces import LETTERS, PHRASE, TURNED
from interceptor.matching.sieve import MOST_ASKED

cdef enum:
    # Beside the places of a text.
    NOWHERE = -1
    SEVERAL = -2
    MAY_MATCH = -3

cdef unsigned short ODD = Trait.ODD, SIGN = Trait.SIGN, DRAWS = Trait.DRAWS, OTHERWISE = Trait.OTHERWISE
cdef int _LETTERS = LETTERS, _PHRASE = PHRASE, _TURNED = TURNED, _MOST_ASKED = MOST_ASKED


cdef class Prefilter:
    """Lets go of queries that a sieve would keep back. Immutable."""

    cdef object _sieve, _alone, _holds_skeleton, _candidates, _whole
    cdef frozenset _ordinary, _terms
    cdef Py_ssize_t _shortest
    cdef Trie _in_text, _in_skeleton

    def __init__(self, sieve, letters, pieces):
        """For the patterns of ``sieve``, of which ``letters`` and ``pieces`` are."""
        self._sieve, self._alone, self._holds_skeleton = sieve, letters.alone, sieve.holds_skeleton
        self._ordinary, self._terms, self._whole = sieve.ordinary, sieve.terms, sieve.whole
        self._candidates, self._shortest = sieve.candidates, sieve.shortest
        self._in_text, self._in_skeleton = Trie(pieces.in_text), Trie(pieces.skeleton)

    def __repr__(self):
        return "Prefilter()"

    def holds_nothing(self, query):
        """Whether nothing can match in ``query``, whatever operators leave of it; False where that is not known."""
        # A type of text of somebody else's may have methods of its own.
        return self._holds_nothing(query if type(query) is str else str.__str__(query))

    cdef bint _holds_nothing(self, str query) except -1:
        cdef Scan found
        cdef str read = query
        cdef bint is_scanned = scan(query, &found)
        cdef bint operates = found.operates or not is_scanned
        if not query.isascii() and (found.traits & ODD or not is_scanned):
            # Among letters that no term has, the few others can often be folded one by one.
            read = self._alone(query)
            if read is not query:
                is_scanned = scan(read, &found)
        if not is_scanned or self._may_match(query, read, &found):
            return False
        scope = operators.read(query) if operates else None
        if scope is None or not scope.left_out:
            return True
        read = scope.rest
        return scan(read, &found) and not self._may_match(read, read, &found)

    cdef bint _may_match(self, str query, str read, Scan* found) except -1:
        """Whether anything can match in ``query`` as `Sieve.need` reads it.

        ``found`` was scanned in ``read``: all of the query, or what is left without letters of other scripts.
        """
        cdef bint is_odd = found.traits & ODD != 0
        if self._may_hold(found.key, found.keys):
            return True
        cdef str text = string(found.text, found.length)
        cdef bint is_whole = read is query
        cdef Py_ssize_t drawn = self._drawn(query, is_whole, text, found)
        if drawn == MAY_MATCH or text in self._whole:
            return True
        if drawn >= 0 and is_whole and found.is_ascii and not is_odd:
            if self._skeleton_may_hold(read_at(text, drawn), signs=False):
                return True
        elif drawn != NOWHERE and self._sieve.may_hold_drawn(query):
            return True
        return is_odd and not self._is_clean(read, found)

    cdef Py_ssize_t _drawn(self, str query, bint is_whole, str text, Scan* found) except? MAY_MATCH:
        """Where in ``text`` a letter is drawn with others: at one place, `NOWHERE`, at `SEVERAL`.

        `MAY_MATCH` where a pattern can match as it stands, or with one typing error.
        """
        cdef Py_ssize_t start, end, done = NOWHERE, drawn = NOWHERE
        cdef int kind, asked = 0
        cdef str word, typed = None
        cdef Cursor cursor = Cursor(0, 0, 0)
        while True:
            kind = self._in_text.next(found.text, found.length, &cursor)
            if kind < 0:
                return drawn
            if kind == _PHRASE:
                return MAY_MATCH
            end = cursor.end
            while end < found.length and found.text[end] != SPACE:
                end += 1
            # Several pieces often stand in one word.
            if kind != _LETTERS and end == done:
                continue
            start = end
            while start > 0 and found.text[start - 1] != SPACE:
                start -= 1
            word = text[start:end]
            if kind != _LETTERS:
                done = end
                if word in self._terms:
                    return MAY_MATCH
                if end - start >= self._shortest and word not in self._ordinary and self._candidates(word):
                    return MAY_MATCH
                continue
            if word in self._ordinary:
                if typed is None:
                    # A word that other letters were taken from is another one than was typed.
                    plainly = is_whole and self._is_plainly_spaced(query, found)
                    typed = "" if plainly else f" {query.lower()} "
                if not typed:
                    continue
                asked += 1
                if asked <= _MOST_ASKED and self._sieve.is_read_as_it_stands(word, text, typed):
                    continue
            drawn = cursor.end if drawn == NOWHERE else SEVERAL

    cdef bint _is_plainly_spaced(self, str query, Scan* found) except -1:
        """As the sieve has it."""
        return found.is_plainly_spaced and (query.isascii() or self._alone(query) == query)

    cdef bint _may_hold(self, const unsigned short* key, Py_ssize_t length) except -1:
        """As the sieve has it of the skeleton ``key``."""
        cdef Cursor cursor = Cursor(0, 0, 0)
        cdef int kind = self._in_skeleton.next(key, length, &cursor)
        if kind < 0:
            return False
        while kind >= 0:
            if kind == _TURNED:
                return True
            kind = self._in_skeleton.next(key, length, &cursor)
        return self._holds_skeleton(string(key, length))

    cdef bint _skeleton_may_hold(self, str text, bint signs) except -1:
        """The same of that of ``text``, which `put_skeleton` takes."""
        cdef unsigned short[LONGEST + 2] key
        return self._may_hold(key, put_skeleton(text, signs, key))

    cdef bint _is_clean(self, str query, Scan* found) except -1:
        """As `Sieve.is_clean` has it."""
        if found.traits & OTHERWISE:
            return self._sieve.is_clean(query)
        if found.traits & DRAWS:
            visible = plain.visible(query)
            if strokes(visible) != visible:
                return False
        if not found.traits & SIGN:
            return True
        if "+" in query:
            return not self._sieve.may_hold_signs(query)
        return not self._skeleton_may_hold(query, signs=True)
