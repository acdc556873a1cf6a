"""SAML 2, as service provider: pysaml2 reads the messages, signxml their signatures. Rules: contract/rules/auth.md §15."""

import logging
import time
from datetime import datetime

import requests
from flask import current_app
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, SAMLError
from saml2.client import Saml2Client
from saml2.config import SPConfig
from saml2.saml import NAMEID_FORMAT_EMAILADDRESS
from saml2.sigver import CryptoBackendXMLSecurity
from signxml import SignatureConfiguration, XMLVerifier
from signxml.exceptions import SignXMLException

from zou.auth import secrets
from zou.auth.single_sign_on import Identity, refuse, site
from zou.platform.errors import Unavailable

FAILED = "SAML authentication failed."
METADATA_TIMEOUT_S = 30
METADATA_LIFETIME_S = 3600
REPLAY_S = 24 * 3600  # how long an assertion is remembered; providers let theirs die in minutes
NAMES = ("first_name", "last_name", "country")  # lists are joined
SINGLE = ("phone", "studio_id")
log = logging.getLogger(__name__)

FAILURES = (SAMLError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, SyntaxError)
"""What pysaml2 raises for metadata that are none."""


class SignXml(CryptoBackendXMLSecurity):
    """Checks signatures in this process, where pysaml2 would call a program that has to be installed."""

    version = "0"

    def validate_signature(self, signedtext, cert_file, cert_type, node_name, node_id):
        """Whether the element `node_id` bears a signature of its own by this certificate, over all of it."""
        text = signedtext.encode() if isinstance(signedtext, str) else signedtext
        root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
        found = root.xpath("//*[@ID=$id]", id=node_id)
        namespace, _, name = node_name.rpartition(":")
        if len(found) != 1 or found[0].tag != f"{{{namespace}}}{name}":
            return False  # a second element of that name: one is signed, the other would be read
        with open(cert_file) as file:
            certificate = file.read()
        wanted = SignatureConfiguration(location="./", expect_references=1)
        try:
            signed = XMLVerifier().verify(
                etree.tostring(found[0]), x509_cert=certificate, id_attribute="ID", expect_config=wanted, validate_schema=False
            )
        except (SignXMLException, ValueError):
            return False
        return signed.signed_xml is not None and signed.signed_xml.get("ID") == node_id


def client(anew=False):
    """This installation as service provider. `anew`: with the provider's metadata as they are now. Raises Unavailable."""
    url = current_app.config["SAML_METADATA_URL"]
    kept = current_app.extensions.get("saml")
    if anew or kept is None or kept[0] != (url, site()) or time.monotonic() - kept[1] > METADATA_LIFETIME_S:
        try:
            answer = requests.get(url, timeout=METADATA_TIMEOUT_S)
            answer.raise_for_status()
            made = make_client(answer.text)
        except (requests.RequestException, *FAILURES) as error:
            raise Unavailable("The metadata of the SAML provider cannot be read.") from error
        kept = current_app.extensions["saml"] = ((url, site()), time.monotonic(), made)
    return kept[2]


def make_client(metadata):
    """A client for the provider of these metadata (XML)."""
    consumer = f"{site()}/api/auth/saml/sso"
    config = SPConfig().load(
        {
            "entityid": f"{site()}/api/auth/saml/login",
            "metadata": {"inline": [metadata]},
            "crypto_backend": "XMLSecurity",
            "allow_unknown_attributes": True,
            "service": {
                "sp": {
                    "endpoints": {"assertion_consumer_service": [(consumer, BINDING_HTTP_REDIRECT), (consumer, BINDING_HTTP_POST)]},
                    "allow_unsolicited": True,
                    "authn_requests_signed": False,
                    "want_assertions_signed": True,
                    "want_response_signed": False,
                    "name_id_policy_format": NAMEID_FORMAT_EMAILADDRESS,
                }
            },
        }
    )
    made = Saml2Client(config=config)
    made.sec.crypto = SignXml()
    return made


def sign_in_url():
    """Where the browser goes to sign in. Metadata that fit no longer are fetched again, once. Raises Unavailable."""
    for anew in (False, True):
        try:
            _, message = client(anew).prepare_for_authenticate(binding=BINDING_HTTP_REDIRECT)
            return dict(message["headers"])["Location"]
        except FAILURES as error:
            if anew:
                raise Unavailable("The SAML provider cannot be asked.") from error
    return None


def read(tx, response):
    """The identity that a signed response vouches for, once. `response`: base64 as the browser posts it. Raises Invalid."""
    provider = client()
    try:
        found = provider.parse_authn_request_response(response, BINDING_HTTP_POST)
        assertion = found.assertion
        attributes = found.get_identity() or {}
        email = found.get_subject().text.strip()
        issuer = assertion.issuer.text.strip()
    except Exception as error:  # pysaml2 raises plain Exception for an assertion that is meant for somebody else
        log.info("a SAML response was refused: %s", error)
        raise refuse(FAILED) from error
    if not email:
        raise refuse(FAILED)
    once(tx, assertion)
    return Identity("saml", email, issuer, subject_of(attributes), values_of(attributes))


def once(tx, assertion):
    """Refuse an assertion that signed somebody in before: who overhears one has no use for it."""
    name = f"saml-{assertion.id}"
    if secrets.read(tx, name) is not None:
        raise refuse(FAILED)
    secrets.keep(tx, name, datetime.now().isoformat(), REPLAY_S)


def subject_of(attributes):
    """The attribute that identifies the person, or None when the e-mail does. Raises Invalid unless it is one text."""
    name = current_app.config["SAML_SUBJECT_ATTRIBUTE"]
    if not name:
        return None
    values = attributes.get(name)
    if isinstance(values, str):
        values = [values]
    if not values or len(values) != 1 or not isinstance(values[0], str) or not values[0].strip():
        raise refuse()
    return values[0].strip()


def values_of(attributes):
    """Columns of a person, and `departments`, as far as the provider tells them."""
    values = {key: " ".join(listed(attributes[key])) for key in NAMES if key in attributes}
    for key in SINGLE:
        if key in attributes:
            values[key] = next(iter(listed(attributes[key])), None) or None
    if "departments" in attributes:
        values["departments"] = listed(attributes["departments"])
    return values


def listed(value):
    """The texts of an attribute, which may be one or several."""
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]
