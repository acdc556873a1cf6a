"""Passwords, tokens, second factors, single sign-on."""
