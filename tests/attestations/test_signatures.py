"""Signatures, by sigstore and pypi-attestations: real attestations hold, and whatever is changed in them is refused, each with words of its own.

Recorded are the attestations of two releases, as GitHub and PyPI serve them: pypi-attestation-models 0.0.4a2 and pypi-attestations 0.0.19. Both packages
of the trade, and what is recorded here, are an extra; without it, signatures are not judged, and that is said.
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lockstep.dataclass import replace
from lockstep.evidence import signatures
from lockstep.evidence.signatures import Signatures
from lockstep.release.answer import Verdict
from lockstep.release.attestation import Attestation, provenances, read_bundle, read_pep740
from lockstep.release.candidate import Artifact, ArtifactKind, Registry
from lockstep.release.published import Signature
from tests.attestations.made import build, bundle, certificate, claims, statement

RECORDED = Path(__file__).parent / "recorded"
MODELS = Artifact(
    registry=Registry.PYPI,
    package="pypi-attestation-models",
    version="0.0.4a2",
    name="pypi_attestation_models-0.0.4a2.tar.gz",
    kind=ArtifactKind.SDIST,
    size=8380,
    sha256="c9709ce6fd5b67b59b4a28758cf14d3f411803c4b89b6068b1f1a8e4ee94c8ef",
)
KEPT = replace(
    MODELS,
    package="pypi-attestations",
    version="0.0.19",
    name="pypi_attestations-0.0.19.tar.gz",
    size=29882,
    sha256="9bb1add04b1b4e182be6b0b80931593f7a291eb49d69b4fd728a5d4cbcdc4bd3",
)
Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def extra() -> None:
    pytest.importorskip("sigstore")
    pytest.importorskip("pypi_attestations")


def github() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDED / "github.json").read_text())
    return found


def pypi() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDED / "pypi.json").read_text())["attestation_bundles"][0]["attestations"][0]
    return found


def of_bundle(change: Change = lambda _: None, file: Artifact = MODELS, repository: str = "trailofbits/pypi-attestation-models") -> Signature:
    body = copy.deepcopy(github())
    change(body)
    found = read_bundle(body)
    assert isinstance(found, Attestation)
    return Signatures(repository).of_bundle(body, found, file)


def of_pypi(change: Change = lambda _: None, file: Artifact = KEPT, repository: str = "trailofbits/pypi-attestations") -> Signature:
    body = copy.deepcopy(pypi())
    change(body)
    found = read_pep740(body)
    assert isinstance(found, Attestation)
    return Signatures(repository).of_pypi(body, found, file)


def changed(*path: str | int, by: Callable[[Any], Any]) -> Change:
    def change(body: Any) -> None:  # noqa: ANN401 - a document
        for key in path[:-1]:
            body = body[key]
        body[path[-1]] = by(body[path[-1]])

    return change


def one_bit(text: str, at: int = 40) -> str:
    data = bytearray(base64.b64decode(text))
    data[at] ^= 1
    return base64.b64encode(bytes(data)).decode()


def serial(text: str) -> str:
    return one_bit(text, 24)


def other_digest(text: str) -> str:
    data = base64.b64decode(text)
    at = data.index(b'"sha256":"') + 10 if b'"sha256":"' in data else data.index(b'"sha256": "') + 11
    return base64.b64encode(data[:at] + (b"0" if data[at : at + 1] != b"0" else b"1") + data[at + 1 :]).decode()


def signer_s_commit(text: str) -> str:
    data = base64.b64decode(text)
    at = data.index(b"refs/tags/v") + 10
    return base64.b64encode(data[:at] + b"w" + data[at + 1 :]).decode()


OTHER_BYTES = "it is about other bytes of this name: "


@pytest.mark.usefixtures("extra")
def test_real_attestations_hold() -> None:
    found = of_bundle()
    assert (found.verdict, found.why) == (
        Verdict.PROVEN,
        "it is signed by trailofbits/pypi-attestation-models/.github/workflows/release.yml@refs/tags/v0.0.4a2",
    )
    found = of_pypi()
    assert (found.verdict, found.why) == (Verdict.PROVEN, "it is signed by trailofbits/pypi-attestations/.github/workflows/release.yml@refs/tags/v0.0.19")


ENTRY = ("verificationMaterial", "tlogEntries", 0)
KEPT_ENTRY = ("verification_material", "transparency_entries", 0)
BUNDLES: dict[str, tuple[Change, str]] = {
    "signature": (changed("dsseEnvelope", "signatures", 0, "sig", by=one_bit), "the signature does not hold: "),
    "subject": (changed("dsseEnvelope", "payload", by=other_digest), "the signature does not hold: DSSE: invalid signature"),
    "certificate": (changed("verificationMaterial", "certificate", "rawBytes", by=serial), "does not match"),
    "identity": (changed("verificationMaterial", "certificate", "rawBytes", by=signer_s_commit), "does not match"),
    "time": (changed(*ENTRY, "integratedTime", by=lambda said: str(int(said) + 1)), "invalid inclusion promise"),
    "another year": (changed(*ENTRY, "integratedTime", by=lambda said: str(int(said) + 31_536_000)), "cert is not valid at validation time"),
    "log": (changed(*ENTRY, "canonicalizedBody", by=lambda said: one_bit(said, 60)), "the"),
    "media type": (changed("mediaType", by=lambda said: f"{said}x"), "the bundle cannot be read: "),
}


@pytest.mark.usefixtures("extra")
@pytest.mark.parametrize("name", BUNDLES)
def test_one_byte_changed_in_a_bundle_is_refused(name: str) -> None:
    change, said = BUNDLES[name]
    found = of_bundle(change)
    assert found.verdict is Verdict.REFUTED
    assert said in found.why


KEPTS: dict[str, tuple[Change, str]] = {
    "signature": (changed("envelope", "signature", by=one_bit), "the signature does not hold: "),
    "subject": (changed("envelope", "statement", by=other_digest), "the signature does not hold: DSSE: invalid signature"),
    "certificate": (changed("verification_material", "certificate", by=serial), "does not match"),
    "time": (changed(*KEPT_ENTRY, "integratedTime", by=lambda said: str(int(said) + 1)), "invalid inclusion promise"),
    "version": (changed("verification_material", "transparency_entries", by=lambda _: []), "the attestation cannot be read: "),
}


@pytest.mark.usefixtures("extra")
@pytest.mark.parametrize("name", KEPTS)
def test_one_byte_changed_in_an_attestation_of_pypi_is_refused(name: str) -> None:
    change, said = KEPTS[name]
    found = of_pypi(change)
    assert found.verdict is Verdict.REFUTED
    assert said in found.why


@pytest.mark.usefixtures("extra")
def test_another_file_and_another_signer_are_refused_with_words_of_their_own() -> None:
    for judge, file, repository in ((of_bundle, MODELS, "trailofbits/pypi-attestation-models"), (of_pypi, KEPT, "trailofbits/pypi-attestations")):
        other = judge(file=replace(file, sha256="0" * 64), repository=repository)
        assert other.why == f"{OTHER_BYTES}{file.sha256}, and the file is {'0' * 64}"
        other = judge(file=replace(file, name="ham-1.0.tar.gz", sha256="0" * 64), repository=repository)
        assert other.why == f"it is about another file: {file.name}"
        other = judge(file=file, repository="spam/eggs")
        assert other.why == f"it is signed by {repository}, expected spam/eggs"
        assert judge(file=file, repository=repository.upper()).verdict is Verdict.PROVEN, "GitHub's names have no case"


def test_without_the_extra_nothing_is_proven_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Signatures, "absent", "sigstore and pypi-attestations are not installed")
    for found in (of_bundle(), of_pypi(), of_bundle(repository="spam/eggs")):
        assert (found.verdict, found.shows) == (Verdict.UNSEEN, "pip install 'lockstep-release[attest]'")


def test_an_old_envelope_and_a_key_without_a_certificate_are_told() -> None:
    found = of_bundle(changed(*ENTRY, "kindVersion", by=lambda _: {"kind": "intoto", "version": "0.0.2"}))
    assert found.verdict is Verdict.UNSEEN
    assert "intoto 0.0.2" in found.why
    assert "slsa-verifier" in found.shows
    pem = f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(certificate(**claims())).decode()}-----END CERTIFICATE-----\n"
    signed = [{"keyid": "", "sig": "AA==", "cert": pem}]
    bare = {"payload": statement("x", MODELS.sha256), "payloadType": "application/vnd.in-toto+json", "signatures": signed}
    attestation = read_bundle(bare)
    assert isinstance(attestation, Attestation)
    assert attestation.claims["commit"] == "c" * 40, "what its certificate says is told all the same"
    assert "slsa-verifier" in Signatures("spam/eggs").of_bundle(bare, attestation, MODELS).shows

    def by_key(body: dict[str, Any]) -> None:
        body["verificationMaterial"] = {"publicKey": {"hint": "SHA256:x"}, "tlogEntries": body["verificationMaterial"]["tlogEntries"]}

    assert "no certificate" in of_bundle(by_key).why


@pytest.mark.usefixtures("extra")
def test_a_bundle_of_a_private_repository_is_not_visible_and_never_refuted() -> None:
    """GitHub's own authority signs it, and a timestamp stands in the place of the log's entry."""
    body = github()
    material = body["verificationMaterial"]
    material["tlogEntries"] = []
    found = read_bundle(body)
    assert isinstance(found, Attestation)
    assert not found.timestamped, "neither says when"
    material["timestampVerificationData"] = {"rfc3161Timestamps": [{"signedTimestamp": "MA=="}]}
    found = read_bundle(body)
    assert isinstance(found, Attestation)
    said = Signatures("spam/eggs").of_bundle(body, found, MODELS)
    assert said.verdict is Verdict.UNSEEN
    assert said.why.startswith("it is of a private repository: ")
    assert said.shows == "gh attestation verify FILE --repo spam/eggs"
    assert next(one.signature for one in provenances(found, MODELS, "GitHub", "", said)) is said
    found = read_bundle(github())
    assert isinstance(found, Attestation)
    assert not found.timestamped


def test_an_enterprise_may_have_its_name_behind_the_issuer() -> None:
    for issuer, wanted in {
        "https://token.actions.githubusercontent.com": True,
        "https://token.actions.githubusercontent.com/octo-enterprise": True,
        "https://token.actions.githubusercontent.com/octo/enterprise": False,
        "https://token.actions.githubusercontent.com.example.org": False,
        "": False,
    }.items():
        assert signatures._is_github(issuer) is wanted  # noqa: SLF001


@pytest.mark.usefixtures("extra")
def test_another_issuer_is_no_workflow_of_github() -> None:
    body = bundle(statement(MODELS.name, MODELS.sha256), certificate(**claims() | {"issuer": "https://accounts.example.org"}))
    found = read_bundle(body)
    assert isinstance(found, Attestation)
    assert "it is signed for https://accounts.example.org" in Signatures("spam/eggs").of_bundle(body, found, MODELS).why


def test_what_a_real_certificate_says_is_read_without_the_extra() -> None:
    found = read_bundle(github())
    assert isinstance(found, Attestation)
    [said] = provenances(found, MODELS, "GitHub", "", None)
    assert (said.commit, said.repository, said.workflow) == (
        "153c9a3f5c152ef5405cba227676534658acde27",
        "trailofbits/pypi-attestation-models",
        ".github/workflows/release.yml",
    )
    assert said.run == "https://github.com/trailofbits/pypi-attestation-models/actions/runs/9454590800/attempts/1"
    assert said.of_other == ""


def test_a_certificate_and_its_statement_are_two_witnesses() -> None:
    body = bundle(statement(MODELS.name, MODELS.sha256, build("d" * 40)), certificate(**claims()))
    found = read_bundle(body)
    assert isinstance(found, Attestation)
    assert [(one.witness, one.commit) for one in provenances(found, MODELS, "GitHub", "", None)] == [("GitHub", "c" * 40), ("GitHub (statement)", "d" * 40)]


@pytest.mark.parametrize("cut", range(0, 900, 7))
def test_what_is_cut_is_read_as_nothing(cut: int) -> None:
    body = github()
    raw = base64.b64decode(body["verificationMaterial"]["certificate"]["rawBytes"])[:cut]
    body["verificationMaterial"]["certificate"]["rawBytes"] = base64.b64encode(raw).decode()
    found = read_bundle(body)
    assert isinstance(found, Attestation)
    assert found.claims == {}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (None, "no bundle"),
        ({"verificationMaterial": {}}, "neither an envelope"),
        ({"verificationMaterial": {}, "dsseEnvelope": {"payload": "!"}}, "cannot be read"),
        ({"verificationMaterial": {}, "dsseEnvelope": {"payload": base64.b64encode(b"[]").decode()}}, "none of in-toto"),
        ({"verificationMaterial": {}, "dsseEnvelope": {"payload": base64.b64encode(b'{"subject": [1], "predicateType": ""}').decode()}}, "no digest"),
        ({"verificationMaterial": {}, "messageSignature": {"messageDigest": {"digest": "!"}}}, "no base64"),
    ],
)
def test_what_is_no_attestation(body: object, said: str) -> None:
    found = read_bundle(body)
    assert isinstance(found, str)
    assert said in found
