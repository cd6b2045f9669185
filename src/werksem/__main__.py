"""``python -m werksem``."""

from werksem.cli import main

if __name__ == "__main__":
    main()
