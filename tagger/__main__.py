"""Lets ``python -m tagger`` do what ``tagger`` does."""

from tagger.cli import main

if __name__ == "__main__":
    main()
