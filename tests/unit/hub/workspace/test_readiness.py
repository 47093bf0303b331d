"""When a server can be used: once it answers, or never if its container is gone."""

import asyncio

import pytest

from hub.workspace import readiness


async def alive() -> bool:
    return True


async def listen(reply: bytes) -> tuple[asyncio.Server, int, list[bytes]]:
    """A server that answers every request with the same bytes."""
    asked: list[bytes] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.write(reply)
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1], asked


def test_a_server_that_answers_is_ready() -> None:
    async def scene() -> list[bytes]:
        server, port, asked = await listen(b"HTTP/1.1 200 OK\r\n\r\n")
        async with server:
            assert await readiness.answers("127.0.0.1", port, "/user/cot-01/api", alive)
        return asked

    assert asyncio.run(scene()) == [b"GET /user/cot-01/api HTTP/1.0\r\n"]


@pytest.mark.parametrize("reply", [b"", b"SSH-2.0-x\r\n"])
def test_what_is_not_http_is_no_answer(reply: bytes) -> None:
    async def scene() -> bool:
        server, port, _ = await listen(reply)
        async with server:
            return await readiness.responds("127.0.0.1", port, "/")

    assert not asyncio.run(scene())


def test_a_server_that_comes_later_is_waited_for() -> None:
    """The look at the container, at the twentieth attempt, is the moment at which it comes."""
    later: list[asyncio.Server] = []

    async def scene() -> bool:
        first, port, _ = await listen(b"")
        first.close()
        await first.wait_closed()

        async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            writer.close()

        async def comes() -> bool:
            later.append(await asyncio.start_server(handle, "127.0.0.1", port))
            return True

        answered = await readiness.answers("127.0.0.1", port, "/", comes, pause=0)
        later[0].close()
        return answered

    assert asyncio.run(scene())
    assert len(later) == 1


def test_a_container_that_has_died_is_not_waited_for() -> None:
    looks = 0

    async def dead() -> bool:
        nonlocal looks
        looks += 1
        return looks < 3

    async def scene() -> bool:
        server, port, _ = await listen(b"")
        server.close()
        await server.wait_closed()
        return await readiness.answers("127.0.0.1", port, "/", dead, pause=0)

    assert not asyncio.run(scene())
    assert looks == 3
