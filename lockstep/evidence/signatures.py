"""Do the signatures of attestations hold? sigstore and pypi-attestations say so: an extra, `pip install 'lockstep-release[attest]'`.

They verify offline, by the roots that they were shipped with or have fetched before: the certificate is Fulcio's, was valid when the log took the entry,
the log holds it, and the signature is by the certificate's key. Whose the certificate is, and about which bytes, is asked here, each with an answer of its own.

Sources: https://docs.sigstore.dev/cosign/verifying/verify/, https://peps.python.org/pep-0740/#attestation-verification
"""

from __future__ import annotations

import json
import logging
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lockstep.release.answer import Verdict
from lockstep.release.attestation import OLD_ENTRY, Attestation
from lockstep.release.candidate import Artifact
from lockstep.release.published import Signature

if TYPE_CHECKING:
    from sigstore.models import Bundle
    from sigstore.verify import Verifier

ISSUER = "https://token.actions.githubusercontent.com"
EXTRA = "pip install 'lockstep-release[attest]'"


class Signatures:
    """Judges signatures; `repository` is the `owner/name` that they are expected to be of."""

    def __init__(self, repository: str) -> None:
        self._repository = repository

    @cached_property
    def absent(self) -> str:
        """Why signatures cannot be judged here; "" where they can."""
        try:
            import pypi_attestations  # noqa: F401, PLC0415 - heavy, and an extra
            import sigstore.verify  # noqa: F401, PLC0415 - likewise
        except ImportError:
            return "sigstore and pypi-attestations are not installed"
        return ""

    @cached_property
    def _verifier(self) -> Verifier:
        from sigstore.verify import Verifier  # noqa: PLC0415 - likewise

        logging.getLogger("sigstore").addHandler(logging.NullHandler())  # that it stays offline is wanted, and said in the manual
        return Verifier.production(offline=True)

    def of_bundle(self, body: object, found: Attestation, artifact: Artifact) -> Signature:
        """Judge a bundle of Sigstore about a file."""
        if (refused := self._unasked(found)) is not None:
            return refused
        from pydantic import ValidationError  # noqa: PLC0415 - of the extra
        from sigstore.errors import Error  # noqa: PLC0415 - likewise
        from sigstore.models import Bundle  # noqa: PLC0415 - likewise

        try:
            bundle = Bundle.from_json(json.dumps(body))
        except (Error, ValidationError, ValueError) as error:
            return _broken(f"the bundle cannot be read: {_said(error)}")
        return self._judged(bundle, found, artifact)

    def of_pypi(self, body: object, found: Attestation, artifact: Artifact) -> Signature:
        """Judge an attestation of PyPI about a file."""
        if (refused := self._unasked(found)) is not None:
            return refused
        from pydantic import ValidationError  # noqa: PLC0415 - of the extra
        from pypi_attestations import Attestation as Kept  # noqa: PLC0415 - likewise
        from pypi_attestations import AttestationError  # noqa: PLC0415 - likewise
        from sigstore.errors import Error  # noqa: PLC0415 - likewise

        try:
            bundle = Kept.model_validate(body).to_bundle()
        except (AttestationError, Error, ValidationError, ValueError) as error:
            return _broken(f"the attestation cannot be read: {_said(error)}")
        return self._judged(bundle, found, artifact)

    def _unasked(self, found: Attestation) -> Signature | None:
        """Say what cannot be judged: without the extra, an old envelope, and what another authority has signed."""
        if OLD_ENTRY in found.entries:
            why = f"it is an old envelope of the SLSA generator ({OLD_ENTRY}), which sigstore cannot read"
            return Signature(verdict=Verdict.UNSEEN, why=why, shows="slsa-verifier verify-artifact reads it")
        if not found.certified:
            return Signature(verdict=Verdict.UNSEEN, why="it is signed with a registry's own key, and no certificate", shows="npm audit signatures")
        if found.timestamped:
            why = "it is of a private repository: signed under GitHub's own certificate authority, and in no public log, which sigstore cannot verify"
            return Signature(verdict=Verdict.UNSEEN, why=why, shows=f"gh attestation verify FILE --repo {self._repository or 'OWNER/NAME'}")
        if not _is_github(found.claims.get("issuer", ISSUER)) and not self.absent:
            return _broken(f"it is signed for {found.claims['issuer']}, and not for GitHub Actions ({ISSUER})")
        return Signature(verdict=Verdict.UNSEEN, why=self.absent, shows=EXTRA) if self.absent else None

    def _judged(self, bundle: Bundle, found: Attestation, artifact: Artifact) -> Signature:
        from sigstore.errors import Error  # noqa: PLC0415 - of the extra
        from sigstore.hashes import Hashed  # noqa: PLC0415 - likewise
        from sigstore.verify.policy import OIDCIssuerV2  # noqa: PLC0415 - likewise

        policy = OIDCIssuerV2(found.claims.get("issuer", ISSUER))  # of which repository it is, is asked below
        try:
            if found.statement is None:
                from sigstore_models.common.v1 import HashAlgorithm  # noqa: PLC0415 - likewise

                hashed = Hashed(algorithm=HashAlgorithm.SHA2_256, digest=bytes.fromhex(artifact.sha256))
                if (other := found.other_bytes(artifact)) != "":
                    return _broken(other)
                self._verifier.verify_artifact(hashed, bundle, policy)
            else:
                self._verifier.verify_dsse(bundle, policy)
        except (Error, ValueError) as error:
            return _broken(f"the signature does not hold: {_said(error)}")
        signer = found.claims.get("repository", "").removeprefix("https://github.com/")
        if not signer or not _is_github(found.claims.get("issuer", "")):
            return _broken("it holds, and its certificate names no repository of GitHub Actions")
        if self._repository and signer.lower() != self._repository.lower():
            return _broken(f"it is signed by {signer}, expected {self._repository}")
        if other := found.other_bytes(artifact):
            return _broken(other)
        return Signature(verdict=Verdict.PROVEN, why=f"it is signed by {found.claims.get('workflow', signer).removeprefix('https://github.com/')}")


def _is_github(issuer: str) -> bool:
    """Say whether an issuer is GitHub Actions, that of an enterprise too, which may have its name behind it.

    Source: https://docs.github.com/en/actions/reference/security/oidc#customizing-the-issuer-value-for-an-enterprise
    """
    return re.fullmatch(rf"{re.escape(ISSUER)}(/[A-Za-z0-9-]{{1,100}})?", issuer) is not None


def _broken(why: str) -> Signature:
    return Signature(verdict=Verdict.REFUTED, why=why, shows="do not install it: find out who made this file, and what of it was changed")


def _said(error: Any) -> str:  # noqa: ANN401 - whatever of the libraries
    """Give an error's words in one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__
