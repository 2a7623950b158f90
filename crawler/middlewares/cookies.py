"""Cookies, where a portal sets some."""

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response


class SeldomCookiesMiddleware(CookiesMiddleware):
    """Scrapy's own, asked only where there is a cookie: most portals set none, and to find that out in the cookie jar
    takes longer than all else that is looked at in a request."""

    def process_request(
        self,
        request: Request,
        spider: Spider | None = None,  # noqa: ARG002 - Scrapy's, of old
    ) -> Request | Response | None:
        if request.cookies or len(self.jars[request.meta.get("cookiejar")]):
            return super().process_request(request)
        if not request.meta.get("dont_merge_cookies"):
            request.headers.pop("Cookie", None)  # of the exchange before a redirect or a retry
        return None

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002
    ) -> Request | Response:
        if b"Set-Cookie" in response.headers or b"Set-Cookie2" in response.headers:
            return super().process_response(request, response)
        return response
