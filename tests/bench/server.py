"""Serves the generated site as fast as Python can: ``python -m tests.bench.server`` prints its port."""

import asyncio

from tests.bench.site import compressed


class Serve(asyncio.Protocol):
    """HTTP/1.1 keep-alive, answers made beforehand."""

    answers: dict[bytes, bytes]
    missing = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            self.transport.write(self.answers.get(head.split(b" ", 2)[1], self.missing))


async def main() -> None:
    Serve.answers = {
        path.encode(): (
            "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        + body
        for path, body in compressed().items()
    }
    server = await asyncio.get_running_loop().create_server(Serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
