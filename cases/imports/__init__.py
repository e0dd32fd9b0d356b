"""The import of a ledger by page: handed in, looked at, confirmed, kept.

- `handler`: the file as it comes, encrypted before it touches the disk;
- `acts`: what may be done with an upload, each act with its permission and its audit entry;
- `work`: the two jobs, reading with planning and importing;
- `planned`, `figures`: what is kept of a plan, and read again page by page.
"""
