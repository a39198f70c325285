"""docs/benchmarks.md is written section by section."""

from benchmarks import page

PAGE = "# Title\n\nIntro.\n\n## One\n\nold\n\n### Part\n\n| a |\n\n## Two\n\nstays\n"


def test_one_section_is_replaced_and_the_others_stay() -> None:
    assert page.replaced(PAGE, "One", ["new", "", "line"]) == "# Title\n\nIntro.\n\n## One\n\nnew\n\nline\n\n## Two\n\nstays\n"


def test_a_new_section_comes_last() -> None:
    assert page.replaced(PAGE, "Three", ["fresh"]) == PAGE + "\n## Three\n\nfresh\n"


def test_a_page_is_the_same_after_its_own_section_is_put_in() -> None:
    assert page.replaced(PAGE, "Two", ["stays"]) == PAGE
