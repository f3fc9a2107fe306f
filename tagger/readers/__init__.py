"""Articles in: files, folders and streams of many formats to documents."""

from tagger.readers.errors import ReadError
from tagger.readers.files import find_files
from tagger.readers.options import ReadOptions
from tagger.readers.reading import read

__all__ = ["ReadError", "ReadOptions", "find_files", "read"]
