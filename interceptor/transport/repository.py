"""A curator's repository of sealed lists, made and signed anew under The Update Framework (specification 1.0).

Four roles sign, each with keys of its own: *root* says which keys the others have (kept offline, several people, a
threshold of them), *targets* says which lists there are, *snapshot* which state of the repository is meant, and
*timestamp*, soon expiring, that this is still the newest. Everything is files: any static host can serve the folder.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
    VerificationResult,
)
from tuf.api.serialization.json import JSONSerializer

from interceptor.errors import CallError
from interceptor.signatures import PublicKey
from interceptor.transport.roles import DAYS, ONLINE, ROLES, RoleName

Keys = Mapping[str, Sequence[Ed25519PrivateKey]]
"""Private keys at hand, by role."""

_SERIALIZER: Final = JSONSerializer(compact=False)


@dataclass(frozen=True, slots=True)
class RoleState:
    """How one role stands: its version, when it expires, and whether enough of its keys have signed."""

    role: RoleName
    version: int
    expires: datetime
    signed: int
    threshold: int


class Repository:
    """The repository in the folder ``path``: ``metadata`` and ``targets`` are served, ``staged`` is not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._metadata, self._targets, self._staged = path / "metadata", path / "targets", path / "staged"

    # ---- making

    @classmethod
    def init(cls, path: Path, keys: Keys, *, root_threshold: int, now: datetime | None = None) -> Repository:
        """Make a repository without lists, signed by all ``keys``. Raises `CallError`."""
        repository = cls(path)
        if repository._metadata.exists():
            raise CallError(f"{path}: is a repository already")
        if not 1 <= root_threshold <= len(keys["root"]):
            raise CallError(f"{root_threshold} of {len(keys['root'])} root keys cannot sign")
        for folder in (repository._metadata, repository._targets):
            folder.mkdir(parents=True)
        root = Root(version=1, expires=_expiry("root", now))
        for role in ROLES:
            for key in keys[role]:
                root.add_key(CryptoSigner(key).public_key, role)
        root.roles["root"].threshold = root_threshold
        signed = _signed(Metadata(root), keys["root"])
        repository._write("1.root.json", signed)
        repository._write("root.json", signed)
        repository._sign_targets(Targets(), keys, now)
        repository._sign_snapshot(keys, now)
        repository._sign_timestamp(keys, now)
        return repository

    # ---- publishing

    def publish(self, files: Mapping[str, bytes], keys: Keys, *, now: datetime | None = None) -> None:
        """Put ``files`` (name and content) into the repository and sign all but root. Raises `CallError`."""
        targets = self._load("targets").signed
        assert isinstance(targets, Targets)
        self._need(keys, ONLINE)
        for name, data in files.items():
            info = TargetFile.from_data(name, data)
            _write(self._targets / f"{info.hashes['sha256']}.{name}", data)
            targets.targets[name] = info
        self._sign_targets(targets, keys, now)
        self._sign_snapshot(keys, now)
        self._sign_timestamp(keys, now)

    def withdraw(self, names: Sequence[str], keys: Keys, *, now: datetime | None = None) -> None:
        """Take lists out of what is offered; services that have them keep them. Raises `CallError`."""
        targets = self._load("targets").signed
        assert isinstance(targets, Targets)
        self._need(keys, ONLINE)
        for name in names:
            if targets.targets.pop(name, None) is None:
                raise CallError(f"{name}: the repository has no such list")
        self._sign_targets(targets, keys, now)
        self._sign_snapshot(keys, now)
        self._sign_timestamp(keys, now)

    def refresh(
        self,
        roles: Sequence[RoleName],
        keys: Keys,
        *,
        days: Mapping[str, int] = DAYS,
        now: datetime | None = None,
    ) -> None:
        """Sign ``roles`` (of `ONLINE`) anew; what depends on one of them is signed too. Raises `CallError`."""
        first = min(map(ONLINE.index, roles))
        self._need(keys, ONLINE[first:])
        if first == 0:
            targets = self._load("targets").signed
            assert isinstance(targets, Targets)
            self._sign_targets(targets, keys, now, days)
        if first <= 1:
            self._sign_snapshot(keys, now, days)
        self._sign_timestamp(keys, now, days)

    # ---- root

    def stage_root(
        self,
        change: Mapping[RoleName, tuple[Sequence[PublicKey], Sequence[PublicKey]]],
        *,
        root_threshold: int | None = None,
        now: datetime | None = None,
    ) -> int:
        """Prepare the next root, to be signed by `sign_root`; returns its version.

        ``change`` says for each role which keys go and which come; none at all makes a root that only expires
        later. Raises `CallError`.
        """
        root = cast("Root", self._load("root").signed)
        for role, (going, coming) in change.items():
            for key in map(_key, going):
                if key.keyid not in root.roles[role].keyids:
                    raise CallError(f"the key that is to go is none of role '{role}'")
                root.revoke_key(key.keyid, role)
            for key in map(_key, coming):
                root.add_key(key, role)
            _check_threshold(root.roles[role], role)
        if root_threshold is not None:
            root.roles["root"].threshold = root_threshold
            _check_threshold(root.roles["root"], "root")
        root.version += 1
        root.expires = _expiry("root", now)
        self._staged.mkdir(exist_ok=True)
        _write(self._staged / "root.json", Metadata[Root](root).to_bytes(_SERIALIZER))
        return root.version

    def sign_root(self, keys: Sequence[Ed25519PrivateKey]) -> tuple[int, int]:
        """Sign the staged root; returns how many signatures it still needs: of the old root's keys, of the new's.

        With none missing it is published, and all other roles should be signed anew. Raises `CallError`.
        """
        staged = self._staged / "root.json"
        if not staged.is_file():
            raise CallError(f"{staged}: no root is waiting to be signed; prepare one with: publish root")
        metadata = Metadata[Root].from_bytes(staged.read_bytes())
        before = cast("Root", self._load("root").signed)
        known = {*before.roles["root"].keyids, *metadata.signed.roles["root"].keyids}
        for key in keys:
            signer = CryptoSigner(key)
            if signer.public_key.keyid not in known:
                raise CallError("a key is none of the root's, neither old nor new")
            metadata.sign(signer, append=True)
        data = metadata.to_bytes(_SERIALIZER)
        _write(staged, data)
        result = metadata.signed.get_root_verification_result(
            before, metadata.signed_bytes, metadata.signatures
        )
        if result:
            self._write(f"{metadata.signed.version}.root.json", metadata)
            self._write("root.json", metadata)
            staged.unlink()
        return _missing(result.first), _missing(result.second)

    # ---- looking

    def states(self) -> tuple[RoleState, ...]:
        """How each role stands. Raises `CallError` where there is no repository."""
        root = cast("Root", self._load("root").signed)
        states = []
        for role in ROLES:
            metadata = self._load(role)
            result = root.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
            states.append(
                RoleState(
                    role,
                    metadata.signed.version,
                    metadata.signed.expires,
                    len(result.signed),
                    result.threshold,
                )
            )
        return tuple(states)

    def lists(self) -> tuple[str, ...]:
        """The names of everything that is offered. Raises `CallError`."""
        return tuple(cast("Targets", self._load("targets").signed).targets)

    def staged_version(self) -> int | None:
        """The version of the root that waits for signatures."""
        staged = self._staged / "root.json"
        return Metadata[Root].from_bytes(staged.read_bytes()).signed.version if staged.is_file() else None

    # ---- parts

    def _need(self, keys: Keys, roles: Sequence[RoleName]) -> None:
        """Check before anything is written that enough keys of each role are there. Raises `CallError`."""
        root = cast("Root", self._load("root").signed)
        for role in roles:
            found = len(self._of(keys, role))
            if found < root.roles[role].threshold:
                raise CallError(
                    f"{root.roles[role].threshold} keys of role '{role}' are needed, and {found} are there; "
                    f"keys of an earlier root do not count"
                )

    def _of(self, keys: Keys, role: RoleName) -> list[Ed25519PrivateKey]:
        """Those of the ``keys`` that sign for ``role`` under the root in force."""
        known = cast("Root", self._load("root").signed).roles[role].keyids
        return [key for key in keys.get(role, ()) if CryptoSigner(key).public_key.keyid in known]

    def _sign_targets(
        self, targets: Targets, keys: Keys, now: datetime | None, days: Mapping[str, int] = DAYS
    ) -> None:
        targets.version = self._newest("targets") + 1
        targets.expires = _expiry("targets", now, days)
        self._write(f"{targets.version}.targets.json", _signed(Metadata(targets), self._of(keys, "targets")))

    def _sign_snapshot(self, keys: Keys, now: datetime | None, days: Mapping[str, int] = DAYS) -> None:
        version = self._newest("targets")
        data = self._file("targets").read_bytes()
        meta = {"targets.json": MetaFile.from_data(version, data, ["sha256"])}
        snapshot = Snapshot(self._newest("snapshot") + 1, expires=_expiry("snapshot", now, days), meta=meta)
        self._write(
            f"{snapshot.version}.snapshot.json", _signed(Metadata(snapshot), self._of(keys, "snapshot"))
        )

    def _sign_timestamp(self, keys: Keys, now: datetime | None, days: Mapping[str, int] = DAYS) -> None:
        before = self._metadata / "timestamp.json"
        version = Metadata.from_bytes(before.read_bytes()).signed.version if before.is_file() else 0
        data = self._file("snapshot").read_bytes()
        timestamp = Timestamp(
            version + 1,
            expires=_expiry("timestamp", now, days),
            snapshot_meta=MetaFile.from_data(self._newest("snapshot"), data, ["sha256"]),
        )
        self._write("timestamp.json", _signed(Metadata(timestamp), self._of(keys, "timestamp")))

    def _newest(self, role: str) -> int:
        versions = [
            int(number)
            for file in self._metadata.glob(f"*.{role}.json")
            if (number := file.name.partition(".")[0]).isdigit()
        ]
        return max(versions, default=0)

    def _file(self, role: str) -> Path:
        name = "timestamp.json" if role == "timestamp" else f"{self._newest(role)}.{role}.json"
        return self._metadata / name

    def _load(self, role: str) -> Metadata[Any]:
        try:
            return Metadata.from_bytes(self._file(role).read_bytes())
        except (OSError, RepositoryError):
            raise CallError(f"{self.path}: is no repository, or a damaged one ({role})") from None

    def _write(self, name: str, metadata: Metadata[Any]) -> None:
        _write(self._metadata / name, metadata.to_bytes(_SERIALIZER))


def _key(key: PublicKey) -> SSlibKey:
    """``key`` in The Update Framework's form."""
    return SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(key.key))


def _signed(metadata: Metadata[Any], keys: Sequence[Ed25519PrivateKey]) -> Metadata[Any]:
    for key in keys:
        metadata.sign(CryptoSigner(key), append=True)
    return metadata


def _missing(result: VerificationResult) -> int:
    return max(result.threshold - len(result.signed), 0)


def _check_threshold(role: Role, name: str) -> None:
    if not 1 <= role.threshold <= len(role.keyids):
        raise CallError(
            f"role '{name}' would have {len(role.keyids)} keys, of which {role.threshold} have to sign"
        )


def _expiry(role: str, now: datetime | None, days: Mapping[str, int] = DAYS) -> datetime:
    return (now or datetime.now(UTC)).replace(microsecond=0) + timedelta(days=days[role])


def _write(path: Path, data: bytes) -> None:
    """Write ``path`` whole or not at all, readable by everyone: this is what is served."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
