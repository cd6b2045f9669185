"""``python -m werksem``, and the command ``werksem``."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; an interrupt while it is being read in is no traceback either."""
    try:
        from werksem.cli import main as run
    except KeyboardInterrupt:
        print("werksem: interrupted", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
