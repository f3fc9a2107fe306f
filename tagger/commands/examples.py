"""The examples under the help of each command: what to type, and what it is for."""

from __future__ import annotations

# At most 78 columns with the prompt, so that a terminal of 80 shows each on a line.
EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "tagger": (
        ("tagger show article.md", "one article, in colour"),
        ("tagger tag news/ -o tagged.jsonl", "a folder, to a file"),
        ("tagger tag news/ -o news.duckdb", "to a database"),
        ("tagger query news.duckdb --event 终止", "what was ended"),
        ("tagger tag --help", "all that a command can do"),
    ),
    "tag": (
        ("tagger tag news/ -o tagged.jsonl", "a line of JSON an article"),
        ("tagger tag 'posts/*.md' -o page.html", "a page to read in a browser"),
        ("tagger tag news/ -o tagged.jsonl --resume", "go on after an interruption"),
        ("tagger tag news.csv --column text=正文 -o out.csv", "name the column"),
        ("cat a.html | tagger tag - --input-format html", "standard input"),
        ("tagger tag news/ -o out.parquet --labels COMPANY,MONEY", "only these"),
    ),
    "show": (
        ("tagger show article.md", "one article"),
        ("tagger show news.jsonl --limit 3", "the first three of a file"),
        ("tagger show article.txt --labels divestment", "only what was sold"),
    ),
    "query": (
        ("tagger query news.duckdb --company 比特矿业", "all about a company"),
        ("tagger query news.duckdb --event 减持出售 --limit 10", "the latest ten"),
        ("tagger query news.duckdb --since 2022-01-01 --format csv", "as a table"),
        ("tagger query news.duckdb --modality planned", "what is planned"),
    ),
    "review": (
        ("tagger review tagged.jsonl -n 100 -o next.json --format label-studio", ""),
        ("tagger review tagged.jsonl -o next.jsonl --format doccano", ""),
        ("tagger review tagged.jsonl -o next.jsonl --labels layoff", "one label"),
    ),
    "convert": (
        ("tagger convert tagged.jsonl -o tasks.json", "to correct it in Label Studio"),
        ("tagger convert export.json -o train.jsonl", "to train on what was corrected"),
        ("tagger convert tagged.jsonl -o folder --to brat", "to brat"),
        ("tagger convert a.conll -o a.jsonl --from conll", "from CoNLL"),
    ),
    "serve": (
        ("tagger serve", "http://127.0.0.1:8000, this machine only"),
        ("tagger serve --port 9000 --model fast", "another port, the fast model"),
        ("tagger serve --host 0.0.0.0 --access-log", "behind a reverse proxy"),
    ),
    "info": (
        ("tagger info", "the shipped model"),
        ("tagger info --model models/mine", "a model that you trained"),
    ),
}


def examples_epilog(command: str) -> str:
    """The examples of a command as Typer prints them: a line each."""
    lines = [
        f"$ {typed}" + (f"  [dim]{purpose}[/dim]" if purpose else "")
        for typed, purpose in EXAMPLES[command]
    ]
    return "\n\n".join(["[bold]Examples[/bold]", *lines])
