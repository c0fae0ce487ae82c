# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False
"""Folds a query into its plain view and its skeleton in one look at each character, compiled.

What a character is stands in tables that all share; `traits` says it when one is first met. A query of which one look
at each is not enough is not scanned. What is found has room for the longest query that is.
"""

import unicodedata

from cpython.unicode cimport (
    PyUnicode_DATA, PyUnicode_FromKindAndData, PyUnicode_GET_LENGTH, PyUnicode_KIND, PyUnicode_READ,
)

from interceptor.matching.native.traits import Trait, traits

cdef enum:
    PLANE = 0x10000
    MOST_PAIRS = 10_000  # Letters with marks that are remembered; hostile text must not fill the memory.

cdef unsigned short[PLANE] _traits
cdef unsigned short[PLANE] _folded
cdef unsigned short[PLANE] _keys
cdef unsigned short[PLANE] _signed_keys
cdef dict _pairs = {}
cdef unsigned short MET = Trait.MET, BEYOND = Trait.BEYOND, MARK = Trait.MARK
cdef unsigned short OPERATES = Trait.OPERATES, ENDS = Trait.ENDS


cdef int _meet(unsigned int code) except -1:
    """Put down what a character is."""
    cdef unsigned short found
    found, folded, key, signed_key = traits(chr(code))
    _folded[code], _keys[code], _signed_keys[code] = folded, key, signed_key
    _traits[code] = found | MET
    return 0


cdef bint _stays_apart(unsigned int before, unsigned int mark) except -1:
    """Whether normal form C leaves a ``mark`` alone behind one other character, and what they fold to likewise."""
    cdef unsigned long pair = (<unsigned long> before << 16) | mark
    held = _pairs.get(pair)
    if held is None:
        held = not _traits[before] & MARK and _is_normal(before, mark)
        if held and _folded[mark]:
            held = _folded[before] != 0 and _is_normal(_folded[before], _folded[mark])
        if len(_pairs) < MOST_PAIRS:
            _pairs[pair] = held
    return held


cdef bint _is_normal(unsigned int before, unsigned int mark) except -1:
    return unicodedata.is_normalized("NFC", chr(before) + chr(mark))


cdef bint scan(str query, Scan* found) except -1:
    """Fold ``query`` into ``found``; False where it is not scanned, and ``found`` holds nothing but flags."""
    cdef Py_ssize_t length = PyUnicode_GET_LENGTH(query), place
    cdef Py_ssize_t folded = 1, keys = 0, words = 0, spaces = 0, end = 0, spaces_before_end = 0
    cdef int kind = PyUnicode_KIND(query)
    cdef const void* data = PyUnicode_DATA(query)
    cdef unsigned int code, before = SPACE
    cdef unsigned short has, letter, key, last = 0, letters = 0
    found.operates = False
    found.traits = 0
    if length > LONGEST:
        return False
    # Each character adds one letter to the view at most: between the spaces at its ends it fits.
    found.text[0] = SPACE
    for place in range(length):
        code = PyUnicode_READ(kind, data, place)
        if code >= PLANE:
            return False
        if not _traits[code]:
            _meet(code)
        has = _traits[code]
        if has & (BEYOND | MARK):
            if has & BEYOND or not _stays_apart(before, code):
                return False
        found.traits |= has
        letter = _folded[code]
        if letter == SPACE:
            if found.text[folded - 1] != SPACE:
                found.text[folded] = SPACE
                folded += 1
                words += 1
            if code == SPACE:
                spaces += 1
        elif letter:
            found.text[folded] = letter
            folded += 1
            letters |= letter
        key = _keys[code]
        if key and key != last:
            found.key[keys] = last = key
            keys += 1
        if has & OPERATES:
            # A hyphen behind a letter, and a T that ends no NOT, are nothing.
            if code == c'-':
                found.operates = found.operates or _folded[before] == SPACE or not _folded[before]
            else:
                found.operates = found.operates or code == c':' or before == c'O'
        if not has & ENDS:
            end = place + 1
            spaces_before_end = spaces
        before = code
    if found.text[folded - 1] != SPACE:
        found.text[folded] = SPACE
        folded += 1
        words += 1
    found.length = folded if folded > 1 else 0
    found.keys = keys
    found.is_ascii = letters < 128
    found.is_plainly_spaced = end == found.length - 2 and spaces_before_end == words - 1
    return True


cdef Py_ssize_t put_skeleton(str text, bint signs, unsigned short* key) noexcept:
    """Put the skeleton of ``text`` into ``key``, which has room for `Scan.key`, and tell how long it is.

    All characters of ``text`` are of ASCII or have been scanned, and there are no more than a view has.
    """
    cdef Py_ssize_t place, keys = 0
    cdef int kind = PyUnicode_KIND(text)
    cdef const void* data = PyUnicode_DATA(text)
    cdef const unsigned short* table = &_signed_keys[0] if signs else &_keys[0]
    cdef unsigned short letter, last = 0
    for place in range(min(PyUnicode_GET_LENGTH(text), LONGEST + 2)):
        letter = table[<unsigned short> PyUnicode_READ(kind, data, place)]
        if letter and letter != last:
            key[keys] = last = letter
            keys += 1
    return keys


cdef str string(const unsigned short* letters, Py_ssize_t length):
    """So many ``letters`` as text."""
    return PyUnicode_FromKindAndData(2, letters, length)


def scanned(str query):
    """The plain view of ``query``, its skeleton, and that with signs for letters; None where it is not scanned."""
    cdef Scan found
    cdef unsigned short[LONGEST + 2] key
    if not scan(query, &found):
        return None
    return (
        string(found.text, found.length),
        string(found.key, found.keys),
        string(key, put_skeleton(query, True, key)),
    )


cdef int _begin() except -1:
    """Meet ASCII, to which others fold: of a view the skeleton is asked for, whatever was met."""
    cdef unsigned int code
    for code in range(128):
        _meet(code)
    return 0


_begin()
