"""Messages in the words of a client: the lower rooms name commands and options, here they are tools and arguments."""

import re

WORDS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"--input (\w+)=PATH", r"inputs: {'\1': PATH}"),
        (r"--input PATH", "inputs: PATH"),
        (r"(?:name|give) (?:it|the path) on the command line(?:: inputs=\S+ PATH)?", "give it in `inputs`"),
        (r" \(`--column \w+=NAME` where yours is called NAME\)", ", or edit its `on:` to what yours is called"),
        (r"; `--column \w+=NAME` takes the one called NAME for it", ""),
        (r"--output PATH, where the rows go \(- for stdout\)", "`output`, where the rows go"),
        (r"(Give|give|given) (it |them )?(?:with|as a (?:second|further)) --input", r"\1 \2in `inputs`"),
        (r"--input\b", "`inputs`"),
        (r"--output\b", "`output`"),
        (r"`winnow operators show (\S+?)`", r"describe_operator of \1"),
        (r"`winnow rows(?: \S+)?` lists (them|rows with their numbers)", r"rows lists \1"),
        (r"as `winnow rows` shows it", "as rows shows it"),
        (r"give another path, or --overwrite\b", "give another `output`, or `overwrite: true`"),
        (r"--scan-all\b", "`scan_all: true`"),
        (r"`winnow preview --all-rows`", "preview with `all_rows: true`"),
        (r"`winnow operators list`", "list_operators"),
        (r"`winnow recipes(?: --builtin)?`", "list_recipes"),
        (r"`winnow runs`", "report"),
    )
)


def in_tools(message: str) -> str:
    """The message with options of the command line as the arguments that they are here."""
    for pattern, words in WORDS:
        message = pattern.sub(words, message)
    return message
