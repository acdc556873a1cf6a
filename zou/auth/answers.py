"""What the routes of accounts answer, where it is not the rows of a schema."""

from zou.platform.http.shapes import FLAG, TEXT, WHOLE, at_least, keys, many

INVITED = keys(success=FLAG, message=TEXT)
RESET_LINK = keys(reset_password_link=TEXT)

KEY = at_least(type=TEXT, id=TEXT)
PARTY = at_least({"id": TEXT}, name=TEXT)
KEY_CHALLENGE = at_least({"allowCredentials": many(KEY)}, challenge=TEXT, rpId=TEXT)
"""`PublicKeyCredentialRequestOptions` of WebAuthn, bytes as base64url."""
KEY_OFFER = at_least(
    rp=PARTY,
    user=at_least(id=TEXT, name=TEXT, displayName=TEXT),
    challenge=TEXT,
    pubKeyCredParams=many(at_least(type=TEXT, alg=WHOLE)),
    excludeCredentials=many(KEY),
    authenticatorSelection=at_least(),
)
"""`PublicKeyCredentialCreationOptions` of WebAuthn, bytes as base64url."""
