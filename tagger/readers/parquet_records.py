"""Parquet files to records, a batch of rows at a time."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Mapping
from shutil import copyfileobj
from typing import IO, Any, cast

from tagger.readers.columns import map_columns
from tagger.readers.errors import Unreadable
from tagger.readers.options import ReadOptions
from tagger.readers.records import Row
from tagger.readers.streams import ByteStream

_ROWS = 256


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
    with tempfile.TemporaryFile() as copy:
        try:
            file = pq.ParquetFile(_searchable(stream, copy))
            names = [field.name for field in file.schema_arrow if _is_plain(field.type)]
            map_columns(names, options.columns)
            number = 0
            for batch in file.iter_batches(batch_size=_ROWS, columns=names, use_threads=False):
                for value in _records(batch):
                    number += 1
                    yield Row(number, f"row {number}", value)
        except pa.ArrowException as error:
            detail = str(error).partition("\n")[0]
            raise Unreadable(
                f"a damaged Parquet file ({detail})", "fetch or write it again"
            ) from error


def _searchable(stream: ByteStream, copy: IO[bytes]) -> Any:
    source = stream.source
    if isinstance(source, io.BufferedReader) and source.seekable():
        source.seek(0)
        return source
    copyfileobj(cast(IO[bytes], stream.buffered()), copy)
    copy.seek(0)
    return copy


def _is_plain(type: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_list(type) or pa.types.is_large_list(type):
        return _is_plain(type.value_type)
    if pa.types.is_dictionary(type):
        return _is_plain(type.value_type)
    return any(
        test(type)
        for test in (
            pa.types.is_string,
            pa.types.is_large_string,
            pa.types.is_integer,
            pa.types.is_floating,
            pa.types.is_boolean,
            pa.types.is_decimal,
            pa.types.is_timestamp,
            pa.types.is_date,
        )
    )


def _records(batch: Any) -> Iterator[Mapping[str, Any] | Unreadable]:
    """The rows as Python values; a row that has none, such as broken UTF-8, costs itself alone."""
    batch = _in_microseconds(batch)
    try:
        yield from batch.to_pylist()
        return
    except (UnicodeDecodeError, ValueError, OverflowError):
        pass
    for index in range(batch.num_rows):
        try:
            yield batch.slice(index, 1).to_pylist()[0]
        except (UnicodeDecodeError, ValueError, OverflowError) as error:
            yield Unreadable(f"a value that cannot be read ({error})", "write the row again")


def _in_microseconds(batch: Any) -> Any:
    """Python's datetime holds no nanoseconds; pyarrow would ask for pandas."""
    import pyarrow as pa

    for index, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            wanted = pa.timestamp("us", tz=field.type.tz)
            column = batch.column(index).cast(wanted, safe=False)
            batch = batch.set_column(index, field.name, column)
    return batch
