from interceptor.matching.letters import Letters
from interceptor.matching.pieces import Pieces
from interceptor.matching.sieve import Sieve

class Prefilter:
    def __init__(self, sieve: Sieve, letters: Letters, pieces: Pieces) -> None: ...
    def holds_nothing(self, query: str) -> bool: ...
