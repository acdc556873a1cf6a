"""A SAML identity provider from pysaml2, with keys of its own."""

import datetime
from base64 import b64decode, b64encode
from urllib.parse import parse_qs, urlsplit
from zlib import decompress

import signxml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from saml2 import BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_BASIC, NAMEID_FORMAT_EMAILADDRESS, NameID
from saml2.server import Server
from saml2.sigver import CryptoBackendXMLSecurity

DS = "http://www.w3.org/2000/09/xmldsig#"


class Signer(CryptoBackendXMLSecurity):
    """Signs in this process."""

    version = "0"

    def __init__(self, certificate):
        super().__init__()
        self.certificate = certificate

    def sign_statement(self, statement, node_name, key_file, node_id):
        root = etree.fromstring(statement.encode() if isinstance(statement, str) else statement)
        (node,) = root.xpath("//*[@ID=$id]", id=node_id)
        (template,) = node.findall(f"{{{DS}}}Signature")
        place = node.index(template)
        node.remove(template)
        etree.cleanup_namespaces(root)  # else the prefix of the template would replace the one that is signed
        node.insert(place, etree.Element(f"{{{DS}}}Signature", Id="placeholder", nsmap={"ds": DS}))
        signer = signxml.XMLSigner(c14n_algorithm=signxml.CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
        with open(key_file) as file:
            signed = signer.sign(node, key=file.read(), cert=self.certificate, reference_uri=node_id, id_attribute="ID")
        if node is root:
            root = signed
        else:
            node.getparent().replace(node, signed)
        return etree.tostring(root).decode()


class SamlProvider:
    """`attributes` is what it says of whoever signs in, `email` their NameID."""

    def __init__(self, folder, name="idp"):
        self.email = "ada@studio.example"
        self.attributes = {"first_name": ["Augusta"], "last_name": ["King"]}
        self.fetched = 0
        self.folder = folder
        self.name = name

    def application(self, address):
        self.address = address
        key, certificate = make_key(self.folder, self.name)
        self.config = IdPConfig().load(
            {
                "entityid": f"{address}/idp",
                "crypto_backend": "XMLSecurity",
                "key_file": key,
                "cert_file": certificate,
                "service": {
                    "idp": {
                        "endpoints": {"single_sign_on_service": [(f"{address}/sso", BINDING_HTTP_REDIRECT)]},
                        "policy": {"default": {"lifetime": {"minutes": 5}, "name_form": NAME_FORMAT_BASIC, "attribute_restrictions": None}},
                    }
                },
            }
        )
        self.server = Server(config=self.config)
        with open(certificate) as file:
            self.server.sec.crypto = Signer(file.read())
        self.metadata = str(entity_descriptor(self.config)).encode()
        return self.answer

    def answer(self, environ, start):
        self.fetched += 1
        start("200 OK", [("Content-Type", "application/samlmetadata+xml")])
        return [self.metadata]

    def response(self, entity_id, consumer, in_response_to="unsolicited"):
        """XML of what a browser brings back."""
        return str(
            self.server.create_authn_response(
                self.attributes,
                in_response_to,
                consumer,
                entity_id,
                name_id=NameID(format=NAMEID_FORMAT_EMAILADDRESS, text=self.email),
                authn={"class_ref": "urn:oasis:names:tc:SAML:2.0:ac:classes:Password", "authn_auth": "studio"},
                sign_assertion=True,
                sign_response=False,
            )
        )


def make_key(folder, name):
    """Paths of a new private key and of its certificate."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    certificate = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    key_file, certificate_file = folder / f"{name}.key", folder / f"{name}.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.TraditionalOpenSSL
    key_file.write_bytes(key.private_bytes(pem, plain, serialization.NoEncryption()))
    certificate_file.write_bytes(certificate.public_bytes(pem))
    return str(key_file), str(certificate_file)


def encoded(xml):
    """A response as the browser posts it."""
    return b64encode(xml.encode()).decode()


def request_of(location):
    """The parsed request that a redirection carries."""
    (message,) = parse_qs(urlsplit(location).query)["SAMLRequest"]
    return etree.fromstring(decompress(b64decode(message), -15))
