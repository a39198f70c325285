"""Goals played through the front door and judged by the rows that come out: what `winnow eval` does."""
