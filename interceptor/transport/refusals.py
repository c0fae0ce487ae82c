"""Why something that was fetched is refused: a sentence for each of the words that logs and metrics use."""

from __future__ import annotations

from interceptor.vocabulary import Refusal

SENTENCES = {
    Refusal.UNREACHABLE: "the repository, or the proxy to it, does not answer as it should",
    Refusal.SLOW: "the fetch took longer than 'updates.deadline'",
    Refusal.TOO_LARGE: "a file is longer than it may be; the download was broken off",
    Refusal.MISSING: "the repository lacks the list, its signature, or a file that its metadata names",
    Refusal.DAMAGED: "a file is damaged or was cut short",
    Refusal.WRONG_KEY: "the repository's metadata is not signed by enough of the keys that 'root' names",
    Refusal.ROLLBACK: "something older is offered than what was fetched before",
    Refusal.FREEZE: "the repository's timestamp has expired: nobody signed it again, or newer ones are held back",
    Refusal.EXPIRED: "the repository's metadata has expired and was not signed again",
    Refusal.MIX_AND_MATCH: "files of different states of the repository are offered together",
    Refusal.FORGED: "none of 'signers' has signed the list under its name",
    Refusal.DEFECT: "the state folder cannot be used, or the process that fetches failed",
    Refusal.BROKEN: "it was fetched and verified, and cannot be opened or read",
    Refusal.SELF_CHECK: "it was fetched and verified, and matches none of its own terms",
    Refusal.GATE: "it was fetched and verified, and acts on too many ordinary searches",
    Refusal.CONFIGURATION: "it was fetched and verified, and the configuration as it is now cannot be loaded",
}
"""What is told of each, without an address of a peer and without a term."""


class RefusedFetchError(Exception):
    """A fetch failed; what was fetched before goes on."""

    def __init__(self, reason: Refusal) -> None:
        self.reason = reason
        super().__init__(SENTENCES[reason])
