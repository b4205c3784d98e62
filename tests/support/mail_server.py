"""A mail server: says `ready`, then each mail that it takes as a line of JSON, as it came and as a mail program reads it.
Arguments: how (tls, starttls, plain), port, certificate, key, user, password; without the last two nobody need sign in.

Addressees have their ways: `busy` is told to come back (451), `nobody` is not known (550), at `slow` nothing is said for long,
and for `full` the mail itself is not taken (552)."""

import asyncio
import email
import email.policy
import json
import ssl
import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

how, port, certificate, key, *login = sys.argv[1:]
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)


ANSWERS = {"busy": "451 4.3.0 come back later", "nobody": "550 5.1.1 no such user here"}


class Sink:
    mails = 0

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        self.mails += 1
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        name = address.split("@")[0]
        if name == "slow":
            await asyncio.sleep(600)
        if name in ANSWERS:
            return ANSWERS[name]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("full@"):
            return "552 5.2.2 the mailbox is full"
        transport = server.transport
        read = email.message_from_bytes(envelope.content, policy=email.policy.SMTP)
        told = {
            "mails": self.mails,
            "fields": read.keys(),
            "subject": read["subject"],
            "parts": [[part.get_content_type(), part.get_payload(decode=True).decode("utf-8")] for part in read.iter_parts()],
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
