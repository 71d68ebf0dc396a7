# SPDX-License-Identifier: MIT
"""slow-link.py PORT TO BYTES - a link from 127.0.0.1:PORT to 127.0.0.1:TO that brings back no more
than so many bytes a second, of all connections together."""
import asyncio
import sys
import time

port, to, rate = map(int, sys.argv[1:])
free_at = 0.0


async def copy(reader, writer, paced):
    global free_at
    try:
        while data := await reader.read(65536):
            if paced:
                # What was slept too long is made good.
                free_at = max(free_at, time.monotonic() - 0.05) + len(data) / rate
                await asyncio.sleep(free_at - time.monotonic())
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def connect(reader, writer):
    other_reader, other_writer = await asyncio.open_connection("127.0.0.1", to)
    await asyncio.gather(copy(reader, other_writer, False), copy(other_reader, writer, True))


async def serve():
    server = await asyncio.start_server(connect, "127.0.0.1", port)
    await server.serve_forever()


asyncio.run(serve())
