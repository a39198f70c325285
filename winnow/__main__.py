"""`python -m winnow` is the command `winnow`."""

from .cli import main

if __name__ == "__main__":
    main()
