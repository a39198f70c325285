"""Every measure of a text can be asked for in plain words, with its bounds."""

import pytest

# goal, the one step that it becomes; `dropped`: the rows of its other port go on
ASKED = [
    ("keep texts of at most 2000 bytes", "bytes at_most=2000"),
    ("drop documents larger than 4000 bytes", "bytes at_most=4000"),
    ("keep only documents with at least 5 lines", "lines at_least=5"),
    ("drop pages with fewer than 3 sentences", "sentences at_least=3"),
    ("keep texts that have between 3 and 50 sentences", "sentences at_least=3 at_most=50"),
    ("keep only documents of at least 3 paragraphs", "paragraphs at_least=3"),
    ("remove texts with more than 20 paragraphs", "paragraphs at_most=20"),
    ("keep texts of at most 512 tokens", "tokens_estimate at_most=512"),
    ("drop documents with an estimated token count above 1000", "tokens_estimate at_most=1000"),
    ("drop texts where the longest word has more than 100 characters", "max_word_length at_most=100"),
    ("remove texts that contain a word longer than 60 characters", "max_word_length at_most=60"),
    ("keep documents whose average line length is at least 20 characters", "mean_line_length at_least=20.0"),
    ("drop texts where the longest line has more than 1000 characters", "max_line_length at_most=1000"),
    ("drop files with any line longer than 500 characters", "max_line_length at_most=500"),
    ("drop pages where more than 67% of the lines are short", "short_line_share at_most=0.67"),
    ("remove pages with too many short lines", "short_line_share at_most=0.67"),
    ("keep texts where at least 70% of the characters are letters or digits", "alphanumeric_share at_least=0.7"),
    ("drop texts where more than 30% of the characters are digits", "digit_share at_most=0.3"),
    ("remove rows with a digit share above 0.2", "digit_share at_most=0.2"),
    ("drop texts written in all caps", "uppercase_share at_most=0.5"),
    ("drop texts where more than half of the letters are capitals", "uppercase_share at_most=0.5"),
    ("remove texts where over 40% of letters are uppercase", "uppercase_share at_most=0.4"),
    ("drop texts where more than 40% of the characters are white space", "whitespace_share at_most=0.4"),
    ("drop texts where more than 20% of the characters are punctuation", "punctuation_share at_most=0.2"),
    ("remove texts with more than 25% special characters", "special_character_share at_most=0.25"),
    ("drop texts with a special character ratio above 0.3", "special_character_share at_most=0.3"),
    ("keep documents where at least 80% of the words contain a letter", "alphabetic_word_share at_least=0.8"),
    ("drop documents where more than 90% of the lines are bullet points", "bullet_line_share at_most=0.9"),
    ("remove pages whose lines start with a bullet in more than 80% of cases", "bullet_line_share at_most=0.8"),
    ("drop pages where more than 30% of the lines end with an ellipsis", "ellipsis_line_share at_most=0.3"),
    ("keep texts where at least 30% of the words are unique", "unique_word_share at_least=0.3"),
    ("drop texts with less than 20% distinct words", "unique_word_share at_least=0.2"),
    ("drop texts with a word entropy below 3", "word_entropy at_least=3.0"),
    ("drop texts whose compression ratio is above 5", "compression_ratio at_most=5.0"),
    ("drop pages with curly brackets", "curly_brackets at_most=0"),
    ("keep texts with at most 2 curly braces", "curly_brackets at_most=2"),
    ("drop pages with lorem ipsum", "lorem_ipsum at_most=0"),
    ("no placeholder text", "lorem_ipsum at_most=0"),
    ("drop pages with javascript warnings", "javascript_lines at_most=0"),
    ("remove pages with more than 2 lines that mention javascript", "javascript_lines at_most=2"),
    ("remove pages with more than 3 lines about cookies or privacy policies", "policy_lines at_most=3"),
    ("drop pages with cookie warnings", "policy_lines at_most=0"),
    ("drop texts where more than 30% of the characters are urls", "url_share at_most=0.3"),
    ("remove texts that are mostly links", "url_share at_most=0.5"),
    ("drop texts where more than 20% of the characters are html tags", "html_tag_share at_most=0.2"),
    ("remove texts that are mostly html", "html_tag_share at_most=0.5"),
    ("drop texts with broken encoding", "replacement_character_share at_most=0"),
    ("remove texts with mojibake", "replacement_character_share at_most=0"),
    ("drop texts with more than 1% replacement characters", "replacement_character_share at_most=0.01"),
    ("drop texts where more than 10% of the characters are emoji", "emoji_share at_most=0.1"),
    ("drop texts that are mostly emojis", "emoji_share at_most=0.5"),
    ("keep texts where at least 50% of the characters are Chinese, Japanese or Korean", "cjk_share at_least=0.5"),
    ("keep texts with at least 30% CJK characters", "cjk_share at_least=0.3"),
    ("keep only texts in Cyrillic script", "script scripts=['Cyrillic']"),
    ("drop texts that are not in Latin script", "script scripts=['Latin']"),
    ("keep only texts written in the Greek alphabet", "script scripts=['Greek']"),
    ("drop texts that are cut off at the end", "last_character kinds=['stop', 'ellipsis', 'quote', 'bracket']"),
    ("no truncated answers", "last_character kinds=['stop', 'ellipsis', 'quote', 'bracket']"),
    ('drop texts that start with "Sorry" or "As an AI"', "starts_with beginnings=['Sorry', 'As an AI'] keep=others"),
    ("drop pages where more than 30% of the lines are duplicates", "duplicate_line_share at_most=0.3"),
    ("drop pages where more than 20% of the characters are in repeated lines", "duplicate_line_share by=characters at_most=0.2"),
    ("no page with over 20% of its text in duplicate paragraphs", "duplicate_paragraph_share by=characters at_most=0.2"),
    ("no line may be longer than 2000 characters", "max_line_length at_most=2000"),
    ("people who shout in capitals should go", "uppercase_share at_most=0.5"),
    ("remove everything that contains mostly Cyrillic letters", "script scripts=['Cyrillic'] dropped"),
    ("entropy of at least 4 bits", "word_entropy at_least=4.0"),
    ("nothing that is hard to read", "readability at_least=60.0"),
    ("too many posts are nothing but links, drop these", "url_share at_most=0.5"),
    ("drop pages where more than 30% of the paragraphs are duplicates", "duplicate_paragraph_share at_most=0.3"),
    ("remove documents with more than 20% repeated paragraphs", "duplicate_paragraph_share at_most=0.2"),
    ("keep only rows whose text is valid json", "is_json"),
    ("drop rows with invalid json", "is_json"),
    ("drop pages from site1.com and site2.com", "url_domain domains=['site1.com', 'site2.com']"),
    ("keep only pages from the domain site3.com", "url_domain domains=['site3.com'] keep=listed"),
    ("no profanity", "profanity at_most=0"),
    ("remove texts with swear words", "profanity at_most=0"),
    ("drop texts with more than 2 curse words", "profanity at_most=2"),
    ("drop spam messages", "spam_like at_most=0.5"),
    ("no spam", "spam_like at_most=0.5"),
    ("remove everything that looks like spam", "spam_like at_most=0.5"),
    ("easy to read, Flesch above 60", "readability at_least=60.0"),
    ("keep texts with a Flesch reading ease of at least 60", "readability at_least=60.0"),
    ("keep texts with a Flesch-Kincaid grade below 8", "readability formula=flesch_kincaid at_most=8.0"),
    ("drop texts with a gunning fog index above 12", "readability formula=gunning_fog at_most=12.0"),
]


@pytest.mark.parametrize(("goal", "wanted"), ASKED, ids=[goal[:50] for goal, _ in ASKED])
def test_a_measure_is_asked_for_in_plain_words(drafted, goal, wanted):
    draft = drafted(goal, "sites")
    assert draft.status == "draft" and not draft.unclear, (draft.message, draft.unclear)
    (step,) = draft.recipe.steps
    shown = " ".join([step.op.partition("@")[0], *(f"{name}={value}" for name, value in step.params.items())])
    (output,) = draft.recipe.outputs.values()
    assert shown + " dropped" * str(output.rows).endswith(".dropped") == wanted


def test_a_share_that_nobody_said_is_asked_for(drafted):
    draft = drafted("drop texts with too many digits", "sites")
    assert draft.status == "ask" and "from which share on" in draft.message


def test_language_is_asked_for_carefully(drafted):
    pytest.importorskip("lingua", reason="the extra `languages` is not installed")
    (step,) = drafted("keep the Zulu texts", "sites").recipe.steps
    assert step.params == {"languages": ["zu"], "careful": True}
    (step,) = drafted("keep English texts, detect the language carefully", "sites").recipe.steps
    assert step.params == {"languages": ["en"], "careful": True}


def test_a_column_of_that_name_is_asked_before_the_text_is_measured(drafted):
    (step,) = drafted("keep books with stars of at least 2 and a readability of 60 or more", "rated").recipe.steps
    assert step.op == "field@1" and "readability >= 60" in step.params["where"]
