"""All that talks to the web: portal files, families, the spider, the recorder and the command ``gongkai``."""
