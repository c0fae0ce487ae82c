"""Puts one nasal sign for two in the scripts of India: candrabindu and bindi are anusvara.

Writers of Hindi, Marathi, Nepali, Bengali and Punjabi put the simple dot for the dot in a crescent, and newspapers do
so as a rule. The nukta goes with the marks.
Gives up: हँस (laugh) and हंस (swan) are one.
Source: The Unicode Standard, chapter 12, on candrabindu and anusvara.
"""

from __future__ import annotations

_VARIANTS = {
    "\u0900": "\u0902",  # Devanagari inverted candrabindu
    "\u0901": "\u0902",  # Devanagari candrabindu
    "\u0981": "\u0982",  # Bengali
    "\u0a01": "\u0a02",  # Gurmukhi adak bindi
    "\u0a70": "\u0a02",  # Gurmukhi tippi, the same sound over other vowels
    "\u0a81": "\u0a82",  # Gujarati
    "\u0b01": "\u0b02",  # Oriya
    "\u0c00": "\u0c02",  # Telugu combining candrabindu above
    "\u0c01": "\u0c02",  # Telugu
    "\u0c80": "\u0c82",  # Kannada
    "\u0d00": "\u0d02",  # Malayalam
    "\u0d01": "\u0d02",  # Malayalam
}


def fold(char: str) -> str:
    """Put anusvara for the other nasal signs."""
    return _VARIANTS.get(char, char)
