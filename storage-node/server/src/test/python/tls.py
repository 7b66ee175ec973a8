"""What README recommends before a Lilio that others reach: a proxy that does TLS. Over TLS clients send other requests."""

import asyncio
import contextlib
import shutil
import ssl
import subprocess
import threading


class TlsProxy:
    """
    Passes what it decrypts on to a port on loopback, byte by byte, and keeps it.

    :ivar endpoint: where it listens
    :ivar certificate: self-signed, the file that clients have to trust
    :ivar sent: what clients have sent, decrypted
    """

    def __init__(self, target, directory):
        self.target = target
        self.certificate = directory / "certificate.pem"
        self.sent = bytearray()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, make_certificate(self.certificate))
        listening = threading.Event()
        self.thread = threading.Thread(target=asyncio.run, args=[self.serve(context, listening)])
        self.thread.start()
        assert listening.wait(timeout=10)

    async def serve(self, context, listening):
        self.loop, self.ended = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self.forward, "127.0.0.1", 0, ssl=context)
        self.endpoint = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        listening.set()
        await self.ended.wait()
        server.close()

    async def forward(self, client, to_client):
        server, to_server = await asyncio.open_connection("127.0.0.1", self.target)
        with contextlib.suppress(asyncio.CancelledError):  # at the end, of connections that clients keep
            await asyncio.gather(
                pump(client, to_server, self.sent), pump(server, to_client, bytearray()), return_exceptions=True)

    def close(self):
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(timeout=10)


async def pump(source, sink, seen):
    try:
        while block := await source.read(1 << 16):
            seen += block
            sink.write(block)
            await sink.drain()
    finally:
        sink.close()


def make_certificate(certificate):
    """Makes one for 127.0.0.1 that is its own authority; the file with its key."""
    key = certificate.with_suffix(".key")
    assert shutil.which("openssl"), "The client tests need openssl."
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-addext", "keyUsage=critical,digitalSignature,keyCertSign", "-keyout", key, "-out", certificate],
        capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    return key
