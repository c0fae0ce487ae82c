"""Folds, skeletons and turned text: nothing raises, and everything maps back to where it came from."""

from __future__ import annotations

import atheris

with atheris.instrument_imports(include=["interceptor.folding"]):
    from interceptor.folding import leet, plain, skeleton, spellings, turned
    from interceptor.folding.scripts import unspaced

from driving import bounded, drive, text_of

SEEDS = (
    "Purple Gärden lantern's 2.0",
    "p.u.r.p.l.e 9ard3n |_antern",
    "рurрlе gаrdеn uɹǝʇuɐl",
    "\u202enretnal\u202c \u2066lantern\u2069",
    "정원 등불 \u1103\u1173\u11bc ㅎㅏㄴ ﾗﾝﾌﾟ か\u3099 庭園 灯篭 โคมไฟ لٰا फ़ 🇱🇦🇳🅛⒜",
    b"l\xffantern \xed\xa0\x80 \xcc\x81\xcc\x82",
)


def test_one_input(data: bytes) -> None:
    text = text_of(data)
    with bounded(len(text)):
        view = plain.view(text)
        mapped = plain.mapped(text)
        assert mapped.text == view
        # Punctuation has become a space, which parts no words of an unspaced script.
        assert unspaced.search(view) or plain.view(view) == view
        assert all(
            0 <= start <= end <= len(text) for start, end in zip(mapped.starts, mapped.ends, strict=True)
        )
        for signs in (False, True):
            key = skeleton.skeleton(text, signs=signs)
            groups = skeleton.runs(text, signs=signs)
            assert len(groups) == len(key)
            assert all(0 <= unit.place < len(text) for group in groups for unit in group)
        assert len(leet.strokes(text)) <= len(text)
        assert len(turned.words_backwards(text)) == len(text)
        for _, other in turned.marked(text):
            plain.view(other)
        for language in ("de", "sr", "ru", "uk", None):
            spellings.spellings(text[:64], language)


if __name__ == "__main__":
    drive(test_one_input, SEEDS)
