"""Converts HTML to PDF: tagged for screen readers (PDF/UA-1), without network access, equal bytes for equal HTML.

WeasyPrint takes half a second to import, so it is imported at the first use.
"""

from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import Any


class NothingFetched(ValueError):
    """A document refers to an address that is not `data:`."""


def html_to_pdf(html: str) -> bytes:
    """Returns the PDF of a document. Addresses other than `data:` are never opened: images and styles there are left out."""
    weasyprint: Any = import_module("weasyprint")
    page = weasyprint.HTML(string=html, base_url=None, url_fetcher=_fetcher())
    pdf: bytes = page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=sha256(html.encode()).digest()[:16])
    return pdf


@lru_cache(maxsize=1)
def _fetcher() -> Any:
    """Returns a fetcher that opens `data:` addresses only: the HTML may hold text that people typed."""
    urls: Any = import_module("weasyprint.urls")

    class DataOnly(urls.URLFetcher):  # type: ignore[misc]  # the library is untyped
        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.lower().startswith("data:"):
                raise NothingFetched(f"a document may not fetch {url.split(':', 1)[0]}: addresses; put it in as data:")
            return super().fetch(url, headers)

    return DataOnly()
