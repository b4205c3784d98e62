"""A mail server: says `ready`, then each mail that it takes as a line of JSON. Arguments: how (tls, starttls, plain), port,
certificate, key, user, password; without the last two nobody need sign in."""

import json
import ssl
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

how, port, certificate, key, *login = sys.argv[1:]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)


class Sink:
    async def handle_DATA(self, server, session, envelope):
        transport = server.transport
        told = {
            "to": envelope.rcpt_tos,
            "data": envelope.content.decode("ascii"),
            "tls": transport.get_extra_info("cipher") is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
        }
        print(json.dumps(told), flush=True)
        return "250 OK"


def may(server, session, envelope, mechanism, given):
    right = [given.login.decode(), given.password.decode()] == login
    # Unhandled: it is the server that says no.
    return AuthResult(success=right, handled=right, auth_data=given)


options = {"tls": {"ssl_context": context}, "starttls": {"tls_context": context, "require_starttls": True}, "plain": {}}
if login:
    # From the first byte on TLS is not what aiosmtpd means by it.
    options[how] |= {"authenticator": may, "auth_required": True, "auth_require_tls": how != "tls"}
Controller(Sink(), hostname="127.0.0.1", port=int(port), **options[how]).start()
print("ready", flush=True)
threading.Event().wait()
