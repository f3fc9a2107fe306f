"""Parquet files to records, a batch of rows at a time."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from shutil import copyfileobj
from typing import IO, Any, cast

from tagger.readers.columns import map_columns, require_distinct
from tagger.readers.errors import Unreadable
from tagger.readers.options import ReadOptions
from tagger.readers.records import Row
from tagger.readers.streams import ByteStream

_ROWS = 256
_LIST_VIEWS = ("is_list_view", "is_large_list_view")


def parquet_rows(stream: ByteStream, options: ReadOptions) -> Iterator[Row]:
    """Yields one row a record; columns of binary data and of nested tables are not read.

    A stream that cannot be searched (a pipe, gzip) passes through a temporary file. Raises
    Unreadable where pyarrow is missing, the file is damaged or has no text column.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise Unreadable(
            "reading Parquet needs pyarrow", "pip install 'caijing-tagger[parquet]'"
        ) from error
    with _searchable(stream) as source:
        try:
            file = pq.ParquetFile(source)
            names = _columns(file.schema_arrow, options)
            number = 0
            for batch in file.iter_batches(batch_size=_ROWS, columns=names, use_threads=False):
                for value in _records(batch):
                    number += 1
                    yield Row(number, f"row {number}", value)
        except (pa.ArrowException, OSError) as error:
            # An error of the disk has a number; pyarrow's own, of a damaged page, has none.
            if isinstance(error, OSError) and error.errno is not None:
                raise
            detail = str(error).partition("\n")[0]
            raise Unreadable(
                f"a damaged Parquet file ({detail})", "fetch or write it again"
            ) from error


@contextmanager
def _searchable(stream: ByteStream) -> Iterator[Any]:
    source = stream.source
    if isinstance(source, io.BufferedReader) and source.seekable():
        source.seek(0)
        yield source
        return
    try:
        copy = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    except FileNotFoundError as error:
        raise Unreadable(
            f"it has to be copied, and there is no place for that ({error.strerror})",
            "set TMPDIR to a folder that can be written to, or unpack the file",
            transient=True,
        ) from error
    with copy:
        copyfileobj(cast(IO[bytes], stream.buffered()), copy)
        copy.seek(0)
        yield copy


def _columns(schema: Any, options: ReadOptions) -> list[str]:
    """The names of the columns to read. Raises Unreadable where none of them is the text."""
    names = [field.name for field in schema if _is_plain(field.type)]
    require_distinct(names)
    try:
        map_columns(names, options.columns)
    except Unreadable as failure:
        others = [f"{each.name!r} ({each.type})" for each in schema if not _is_plain(each.type)]
        if not others:
            raise
        raise Unreadable(
            f"{failure.reason}; columns of other types are not read: {', '.join(others)}",
            f"{failure.remedy}, or write the text as a column of strings",
        ) from failure
    return names


def _is_plain(type: Any) -> bool:
    import pyarrow as pa

    if any(test(type) for test in _tests("is_list", "is_large_list", *_LIST_VIEWS)):
        return _is_plain(type.value_type)
    if pa.types.is_dictionary(type):
        return _is_plain(type.value_type)
    return any(
        test(type)
        for test in _tests(
            "is_string",
            "is_large_string",
            "is_string_view",
            "is_integer",
            "is_floating",
            "is_boolean",
            "is_decimal",
            "is_timestamp",
            "is_date",
        )
    )


def _tests(*names: str) -> list[Callable[[Any], bool]]:
    """pyarrow's tests of these names, of which an older one has not all."""
    import pyarrow as pa

    return [getattr(pa.types, name) for name in names if hasattr(pa.types, name)]


def _records(batch: Any) -> Iterator[Mapping[str, Any] | Unreadable]:
    """The rows as Python values; a row that has none, such as broken UTF-8, costs itself alone."""
    batch = _without_unknown_zones(_in_microseconds(batch))
    try:
        yield from batch.to_pylist()
        return
    except (UnicodeDecodeError, ValueError, OverflowError):
        pass
    for index in range(batch.num_rows):
        try:
            yield {
                field.name: _value(column[index])
                for field, column in zip(batch.schema, batch.columns, strict=True)
            }
        except (UnicodeDecodeError, ValueError, OverflowError) as error:
            yield Unreadable(f"a value that cannot be read ({error})", "write the row again")


def _value(scalar: Any) -> Any:
    """The Python value; as text that is no date for a time that Python's years do not reach."""
    import pyarrow as pa

    try:
        return scalar.as_py()
    except (ValueError, OverflowError):
        if not pa.types.is_timestamp(scalar.type):
            raise
        return f"{scalar.value} {scalar.type.unit} since 1970"


def _without_unknown_zones(batch: Any) -> Any:
    """Times in a zone that does not exist become text that names it, which is no date."""
    import pyarrow as pa

    for index, field in enumerate(batch.schema):
        if not pa.types.is_timestamp(field.type) or field.type.tz is None:
            continue
        try:
            pa.lib.string_to_tzinfo(field.type.tz)
        except (pa.ArrowException, ValueError, LookupError, OSError):
            column = batch.column(index).cast(pa.timestamp(field.type.unit)).cast(pa.string())
            texts = [each and f"{each} UTC ({field.type.tz})" for each in column.to_pylist()]
            batch = batch.set_column(index, field.name, pa.array(texts, pa.string()))
    return batch


def _in_microseconds(batch: Any) -> Any:
    """Python's datetime holds no nanoseconds; pyarrow would ask for pandas."""
    import pyarrow as pa

    for index, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            wanted = pa.timestamp("us", tz=field.type.tz)
            column = batch.column(index).cast(wanted, safe=False)
            batch = batch.set_column(index, field.name, column)
    return batch
