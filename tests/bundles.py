"""Bundles as somebody would make them who wants to deceive: whatever is in them, manifests and chain fit it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from claimreg.model import Change
from claimreg.services.evidence.bundle.layout import DECLARATION
from claimreg.store.chain import GENESIS, event_document, sealed

FORGER = Change(user="ann", at="2026-01-01T10:00:00Z", action="add")


def files_of(bundle: bytes) -> dict[str, bytes]:
    """The files in a bundle by their names in the bag."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}


def packed(files: dict[str, bytes], *, anew: bool = True) -> bytes:
    """A bundle of these files, their manifests made ``anew`` as somebody would who wants to deceive."""
    payload = {name: content for name, content in files.items() if name.startswith("data/")}
    tags = {name: content for name, content in files.items() if name not in payload}
    if anew:
        size = f"Payload-Oxum: {sum(map(len, payload.values()))}.{len(payload)}"
        info = [line for line in tags["bag-info.txt"].decode().splitlines() if not line.startswith("Payload-Oxum")]
        events = payload["data/history.ndjson"].splitlines()
        last = json.loads(events[-1]) if events else {"seq": 0, "hash": GENESIS}
        head = f"Claimreg-Head: {last['seq']} {last['hash']}"
        tags["bag-info.txt"] = "".join(f"{head if one.startswith('Claimreg-Head') else one}\n" for one in (*info, size)).encode()
        tags["manifest-sha256.txt"] = manifest(payload)
        tags["tagmanifest-sha256.txt"] = manifest({name: tags[name] for name in tags if name != "tagmanifest-sha256.txt"})
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in {**payload, **tags}.items():
            archive.writestr(f"bag/{name}", content)
    return stream.getvalue()


def manifest(files: dict[str, bytes]) -> bytes:
    """The lines of a manifest."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())).encode()


def sealed_bundle(documents: Iterable[dict[str, Any]], contents: Iterable[bytes] = ()) -> bytes:
    """A bundle of these records and captured bytes, with a history that fits them perfectly; numbers may be any that JSON can write."""
    previous, events, lines = GENESIS, [], []
    for seq, document in enumerate(documents, start=1):
        event = sealed(seq, FORGER, document["id"], None, document, previous, salt="ab" * 16 if seq % 2 else "")
        previous = event.hash
        events.append(_line(event_document(event)))
        lines.append(_line(document))
    captures = {f"data/captures/{hashlib.sha256(content).hexdigest()}": content for content in contents}
    fixed = {"data/README.txt": b"", "bagit.txt": DECLARATION, "bag-info.txt": b"Claimreg-Head: \n"}
    return packed({"data/records.ndjson": b"".join(lines), "data/history.ndjson": b"".join(events), **fixed, **captures})


def _line(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
