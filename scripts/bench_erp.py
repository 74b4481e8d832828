"""An ERP for benchmarks: it answers at once, in the sandbox connector's words, and remembers when each effect was there."""

import asyncio
import json
import multiprocessing
import time
import urllib.parse


class ERP:
    """The ERP in a process of its own, on a free port of 127.0.0.1."""

    def __enter__(self):
        ours, theirs = multiprocessing.Pipe()
        self.pipe = ours
        self.process = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        self.port = ours.recv()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()

    def effects(self):
        """For each item when its effect was first there, by the monotonic clock, and how many came twice."""
        self.pipe.send("effects")
        return self.pipe.recv()

    def count(self):
        self.pipe.send("count")
        return self.pipe.recv()


def serve(pipe):
    asyncio.run(listening(pipe))


async def listening(pipe):
    books = Books()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Caller(books), "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])

    def answer():
        question = pipe.recv()
        pipe.send(len(books.at) if question == "count" else (books.at, books.twice))

    loop.add_reader(pipe.fileno(), answer)
    await server.serve_forever()


class Books:
    def __init__(self):
        self.at, self.documents, self.twice = {}, {}, 0

    def put(self, path, body):
        _, _, item, location = path.split("/")
        order = json.loads(body)
        reference = order.pop("reference")
        if reference in self.documents:
            self.twice += 1
        policy = {
            **order, "item": urllib.parse.unquote(item), "location": urllib.parse.unquote(location), "serviceTarget": "0.95",
            "serviceTargetType": "cycleService", "trigger": "atOrBelow",
        }
        document = {
            "number": f"D{len(self.documents) + 1}", "kind": "policyChange", "reference": reference, "lines": [],
            "policy": policy,
        }
        self.documents[reference] = document
        self.at.setdefault(policy["item"], time.monotonic())
        return document

    def get(self, path):
        if path.startswith("/documents"):
            reference = urllib.parse.parse_qs(path.partition("?")[2]).get("reference", [""])[0]
            found = self.documents.get(reference)
            return {"documents": [found] if found else []}
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        return {"company": "Benchmark", "version": "1", "now": now, "deduplicate": False}


class Caller(asyncio.Protocol):
    """One connection; requests may come in pieces or several at once."""

    def __init__(self, books):
        self.books, self.received = books, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.received += data
        while True:
            head, separator, rest = self.received.partition(b"\r\n\r\n")
            if not separator:
                return
            lines = head.split(b"\r\n")
            method, path, _ = lines[0].decode().split(" ")
            length = next((int(line[15:]) for line in lines if line[:15].lower() == b"content-length:"), 0)
            if len(rest) < length:
                return
            body, self.received = rest[:length], rest[length:]
            document = self.books.put(path, body) if method == "PUT" else self.books.get(path)
            text = json.dumps(document).encode()
            self.transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(text) + text)
