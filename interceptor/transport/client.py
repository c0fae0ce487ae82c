"""One fetch from one curator's repository: what is new is verified and laid beside what is in force.

In the folder of a source stand ``metadata`` (what The Update Framework remembers, against rollback), ``incoming``
(fetched and verified, not yet in force) and ``lists`` (in force). Every list in it is sealed, and nothing here can
open one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tuf.api import exceptions
from tuf.api.metadata import Snapshot, Targets, Timestamp
from tuf.ngclient import Updater

from interceptor.settings.updates import Source
from interceptor.signatures import SIGNATURE, ForgedError, verify
from interceptor.transport.fetching import Fetcher
from interceptor.transport.refusals import RefusedFetchError
from interceptor.transport.staging import MAX_LIST_BYTES, Fetched
from interceptor.vocabulary import Refusal

_MAX_ROOT_BYTES = 512_000


def fetch(source: Source, folder: Path, deadline: float) -> tuple[Fetched, ...]:
    """Fetch the lists of ``source`` into ``folder`` within ``deadline`` seconds; one result a list, in order.

    Raises nothing: whatever fails is told as the reason of the lists that it befalls.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(folder), Fetcher(source.proxy, deadline) as fetcher:
            try:
                updater = _refreshed(source, folder, fetcher)
            except exceptions.RepositoryError as fault:
                raise RefusedFetchError(_reason(fault, fetcher.last)) from None
            except exceptions.DownloadError as fault:
                raise RefusedFetchError(_download_reason(fault)) from None
            return tuple(_list(updater, source, folder, name) for name in source.lists)
    except RefusedFetchError as refused:
        return tuple(Fetched(name, False, refused.reason) for name in source.lists)
    except OSError:
        return tuple(Fetched(name, False, Refusal.DEFECT) for name in source.lists)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time work in ``folder``."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _refreshed(source: Source, folder: Path, fetcher: Fetcher) -> Updater:
    metadata = folder / "metadata"
    metadata.mkdir(mode=0o700, exist_ok=True)
    with source.root.open("rb") as file:
        root = file.read(_MAX_ROOT_BYTES)
    base = source.url.rstrip("/")
    updater = Updater(
        metadata_dir=os.fspath(metadata),
        metadata_base_url=f"{base}/metadata/",
        target_base_url=f"{base}/targets/",
        fetcher=fetcher,
        bootstrap=root,
    )
    updater.refresh()
    return updater


def _list(updater: Updater, source: Source, folder: Path, name: str) -> Fetched:
    try:
        return Fetched(name, _fetch_list(updater, source, folder, name))
    except RefusedFetchError as refused:
        return Fetched(name, False, refused.reason)
    except exceptions.RepositoryError:
        return Fetched(name, False, Refusal.DAMAGED)
    except exceptions.DownloadError as fault:
        return Fetched(name, False, _download_reason(fault))


def _fetch_list(updater: Updater, source: Source, folder: Path, name: str) -> bool:
    info, signature_info = updater.get_targetinfo(name), updater.get_targetinfo(f"{name}{SIGNATURE}")
    if info is None or signature_info is None:
        raise RefusedFetchError(Refusal.MISSING)
    if info.length > MAX_LIST_BYTES:
        raise RefusedFetchError(Refusal.TOO_LARGE)
    in_force = folder / "lists" / name
    if updater.find_cached_target(info, os.fspath(in_force)):
        return False
    incoming = folder / "incoming"
    incoming.mkdir(mode=0o700, exist_ok=True)
    part, signature = incoming / f"{name}.part", incoming / f"{name}{SIGNATURE}"
    try:
        updater.download_target(signature_info, os.fspath(signature))
        if updater.find_cached_target(info, os.fspath(incoming / name)):
            (incoming / name).replace(
                part
            )  # refused earlier, when it was to be put in force: not fetched again
        else:
            updater.download_target(info, os.fspath(part))
        data = part.read_bytes()
        try:
            signed = verify(data, signature.read_bytes(), source.signers)
        except ForgedError:
            raise RefusedFetchError(Refusal.FORGED) from None
        if signed.name != name:
            raise RefusedFetchError(Refusal.FORGED)
        if signed.time < _signed_at(in_force, source):
            raise RefusedFetchError(Refusal.ROLLBACK)
        part.replace(incoming / name)
    finally:
        part.unlink(missing_ok=True)
    return True


def _signed_at(path: Path, source: Source) -> int:
    """When the list in force was signed; 0 where nothing tells, or its signer is none any more."""
    try:
        signature = path.with_name(f"{path.name}{SIGNATURE}").read_bytes()
        return verify(path.read_bytes(), signature, source.signers).time
    except (OSError, ForgedError):
        return 0


def _download_reason(fault: exceptions.DownloadError) -> Refusal:
    if isinstance(fault, exceptions.SlowRetrievalError):
        return Refusal.SLOW
    if isinstance(fault, exceptions.DownloadLengthMismatchError):
        return Refusal.TOO_LARGE
    if isinstance(fault, exceptions.DownloadHTTPError) and fault.status_code in (403, 404, 410):
        return Refusal.MISSING
    if str(fault) == "ClientPayloadError":  # the connection ended before the body did
        return Refusal.DAMAGED
    return Refusal.UNREACHABLE


def _reason(fault: exceptions.RepositoryError, last: str) -> Refusal:
    """The word for what python-tuf refused; ``last`` is the metadata file that it had asked for."""
    role = last.removesuffix(".json").rpartition(".")[2]
    if isinstance(fault, exceptions.ExpiredMetadataError):
        # The root is judged when the timestamp is there; only the message tells the two apart.
        frozen = role == Timestamp.type and "root" not in str(fault)
        return Refusal.FREEZE if frozen else Refusal.EXPIRED
    if isinstance(fault, exceptions.UnsignedMetadataError):
        return Refusal.WRONG_KEY
    if isinstance(fault, exceptions.BadVersionNumberError):
        # Hashes are compared before versions, so a snapshot that comes this far is the one that was meant.
        return Refusal.MIX_AND_MATCH if role == Targets.type else Refusal.ROLLBACK
    if isinstance(fault, exceptions.LengthOrHashMismatchError) and role in (Snapshot.type, Targets.type):
        return Refusal.MIX_AND_MATCH
    return Refusal.DAMAGED
