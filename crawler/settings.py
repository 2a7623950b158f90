"""Scrapy settings: polite, honest, recorded. Each departure from Scrapy's own default says why."""

import os
from importlib.metadata import version
from urllib.request import getproxies

BOT_NAME = "gongkai"
SPIDER_MODULES = ["crawler.spiders"]

# --- where things are -------------------------------------------------------------------------------------------
GONGKAI_DATA = os.environ.get("GONGKAI_DATA", "data")
GONGKAI_PORTALS = os.environ.get("GONGKAI_PORTALS", "")
GONGKAI_CONTACT = os.environ.get("GONGKAI_CONTACT", "")  # an address or URL; stands in the user agent and the WARC

GONGKAI_COMMAND = False  # whether the command `gongkai` is at work, which says itself what went wrong

# --- who we are -------------------------------------------------------------------------------------------------
# An honest name with a way to reach us (domain.md section 5): no browser is imitated.
SOFTWARE = f"Gongkai/{version('gongkai')}"
USER_AGENT = f"{SOFTWARE} (public record archive; {GONGKAI_CONTACT or 'contact not set'})"

# --- politeness -------------------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = False  # Scrapy's reading is too lax; ours is crawler.middlewares.robots
DOWNLOAD_DELAY = (
    3.0  # seconds between two requests to a host, jittered by DOWNLOAD_DELAY_JITTER; county portals are weak
)
DOWNLOAD_DELAY_JITTER = 0.5
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one connection a host
AUTOTHROTTLE_ENABLED = True  # slower still when answers get slower
AUTOTHROTTLE_START_DELAY = 3.0
DOWNLOAD_TIMEOUT = 60  # three minutes, Scrapy's default, hold a night up
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip",  # Scrapy would offer br and zstd, which warcio and most WARC readers cannot decode
}

# --- nights: crawler.nightly ------------------------------------------------------------------------------------
GONGKAI_STALL = os.environ.get("GONGKAI_STALL", "900")  # seconds without any progress, until a run is ended
GONGKAI_CLOSING = 30.0  # seconds from the word to stop until a run is closed, whatever is still on its way
GONGKAI_MAIL_TO = os.environ.get("GONGKAI_MAIL_TO", "")  # addresses, with commas
GONGKAI_SMTP = os.environ.get("GONGKAI_SMTP", "")  # host:port, or smtps://user:password@host; without it localhost:25
GONGKAI_WEBHOOK = os.environ.get("GONGKAI_WEBHOOK", "")  # an address that takes JSON by POST

# --- what is kept -----------------------------------------------------------------------------------------------
DOWNLOAD_HANDLERS = {
    "http": "crawler.recorder.handler.RecordingHandler",
    "https": "crawler.recorder.handler.RecordingHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOAD_MAXSIZE = 200_000_000  # bytes; one attachment must not fill the disk
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy's default is no verification; an archive vouches for its sources
GONGKAI_TLS_LEGACY = False  # no host without secure renegotiation (RFC 5746), unless its portal file asks for it
HTTPCACHE_ENABLED = False

# --- what comes back --------------------------------------------------------------------------------------------
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # crawler.scope knows ports and schemes
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # nothing that wants a password is public
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # a page is archived as it is
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.middlewares.gate.GateMiddleware": 50,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "crawler.middlewares.retry.PatientRetryMiddleware": 550,
    "crawler.middlewares.compression.CompressionMiddleware": 590,
    "crawler.middlewares.redirect.ScopedRedirectMiddleware": 600,
    "crawler.middlewares.cookies.SeldomCookiesMiddleware": 700,
}
SPIDER_MIDDLEWARES = {  # what comes back and what is asked for is the spider's to judge, and all of it is counted
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # would drop a long address without a word
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
RETRY_TIMES = 2
GONGKAI_RETRY_PAUSE = 5.0  # seconds before the first retry, doubled for each further one; Retry-After wins
GONGKAI_RETRY_LONGEST = 120.0  # a host that asks for a longer pause than this is left for the next run
REDIRECT_MAX_TIMES = 5
HTTPPROXY_ENABLED = bool(getproxies())  # as the environment says: without one, nothing is looked up for each request
COOKIES_ENABLED = True  # some portals set a plain session cookie and loop without it

# --- how it runs ------------------------------------------------------------------------------------------------
REMOTE_CONTROL_ENABLED = False  # since 2.19 a server that runs Python inside the crawl is on by default
TELNETCONSOLE_ENABLED = False
CONCURRENT_ITEMS = 1  # Scrapy starts this many tasks for every response; we yield no items
CONCURRENT_REQUESTS = 16
MEMUSAGE_ENABLED = False
LOG_LEVEL = os.environ.get("GONGKAI_LOG", "INFO")
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%Y-%m-%d %H:%M:%S"
LOGSTATS_INTERVAL = 0
STATS_CLASS = "crawler.uncounted.NoStats"
DOWNLOADER_STATS = False
STATS_DUMP = False
# Only these. Scrapy imports what stands in its own list even where it is switched off: a web server among it (remote
# control), half a second and 20 MB.
EXTENSIONS_BASE: dict[str, int] = {}
EXTENSIONS = {
    "crawler.mishaps.Mishaps": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
