"""Who is let in at the admin listener."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from interceptor.addresses import Address
from interceptor.errors import StartError
from interceptor.settings.admin import AdminAuth, Secret
from interceptor.sidecar.admission import Admission

LOOPBACK, BEYOND = Address("127.0.0.1", 9464, None), Address("0.0.0.0", 9464, None)
TOKEN, PASSWORD = "t0ken-of-some-length", "a quiet lantern at dusk"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Admission:
    file = tmp_path / "token"
    file.write_text(TOKEN + "\n")
    file.chmod(0o640)
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    settings = AdminAuth(Secret(file=file), password=Secret(environment="ADMIN_PASSWORD"))
    return Admission(settings, BEYOND)


@pytest.mark.parametrize("field", [f"Bearer {TOKEN}", f"bearer  {TOKEN} ", basic("staff", PASSWORD)])
def test_either_secret_lets_in(both: Admission, field: str) -> None:
    assert both.lets_in(field)


@pytest.mark.parametrize(
    "field",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {PASSWORD}",
        TOKEN,
        f"Digest {TOKEN}",
        "Basic ",
        "Basic not base64",
        "Basic " + TOKEN,
        basic("staff", TOKEN),
        basic("other", PASSWORD),
        basic("staff", ""),
        "Bearer \udcff",
    ],
)
def test_nothing_else_does(both: Admission, field: str | None) -> None:
    assert not both.lets_in(field)


def test_what_is_asked_for_is_said_and_secrets_are_not(both: Admission) -> None:
    assert [challenge.split()[0] for challenge in both.challenges] == ["Bearer", "Basic"]
    assert repr(both) == "Admission(bearer, basic)"


def test_on_loopback_nothing_is_asked_for() -> None:
    admission = Admission(AdminAuth(), LOOPBACK)
    assert admission.lets_in(None)
    assert admission.challenges == ()


def test_beyond_loopback_a_service_starts_only_when_told_how() -> None:
    with pytest.raises(StartError, match="admin_auth"):
        Admission(AdminAuth(), BEYOND)
    assert Admission(AdminAuth(open=True), BEYOND).lets_in(None)


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (TOKEN, 0o644, "chmod o="),
        ("short", 0o600, "16 characters"),
        ("", 0o600, "16 characters"),
        (f"{TOKEN}\n{TOKEN}", 0o600, "is no line"),
        ("t" * 5000, 0o600, "is no line"),
        ("ä" * 20, 0o600, "ASCII"),
    ],
)
def test_a_secret_that_protects_nothing_is_refused(
    tmp_path: Path, content: str, mode: int, said: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(content)
    file.chmod(mode)
    with pytest.raises(StartError, match=said) as caught:
        Admission(AdminAuth(token=Secret(file=file)), LOOPBACK)
    assert not content or content not in str(caught.value)


def test_a_secret_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADMIN_TOKEN", raising=False)
    for place, said in (
        (Secret(file=tmp_path / "gone"), "gone"),
        (Secret(environment="ADMIN_TOKEN"), "ADMIN_TOKEN"),
    ):
        with pytest.raises(StartError, match=said):
            Admission(AdminAuth(token=place), LOOPBACK)
