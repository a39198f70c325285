"""Answers in their context, languages of two texts, refusals, ratios of lengths, on real data."""

import pyarrow as pa
import pytest

from tests.tools.real_data import rows
from tools.errors import RecipeError
from tools.scan import TextScan
from tools.verify.answer_in_context import AnswerInContext
from tools.verify.language_matches import LanguageMatches
from tools.verify.length_ratio import LengthRatio
from tools.verify.no_refusal import NoRefusal


class Desk:
    def scan(self, texts: pa.Array) -> TextScan:
        return TextScan(texts)


def measured(operator: object, column: str, **columns: object) -> list[object]:
    return operator.measure(pa.record_batch(columns), Desk())[column].to_pylist()  # type: ignore[attr-defined, no-any-return]


def test_answers_stand_in_their_own_paragraph_and_seldom_in_another() -> None:
    pairs = [(asked["answers"][0]["text"], row["text"]) for row in rows("multilingual/xquad_paragraphs.jsonl.zst", 600) for asked in row["qas"][:1]]
    answers, contexts = [one for one, _ in pairs], [other for _, other in pairs]
    whole = measured(AnswerInContext(), "answer_found", answer=answers, context=contexts)
    part = measured(AnswerInContext(whole_words=False), "answer_found", answer=answers, context=contexts)
    elsewhere = measured(AnswerInContext(), "answer_found", answer=answers, context=contexts[7:] + contexts[:7])
    assert sum(map(bool, whole)) >= 0.95 * len(pairs)
    assert all(part)
    assert sum(map(bool, elsewhere)) <= 0.05 * len(pairs)


def test_punctuation_articles_and_width_do_not_count() -> None:
    answers = ["The U.S.A.", "don't", "ＡＢＣ", "3.5", "東京"]
    contexts = ["in the u.s.a., today", "They don’t.", "abc", "about 3.5 km", "(東京)"]
    assert measured(AnswerInContext(), "answer_found", answer=answers, context=contexts) == [True] * 5


def test_no_answer_stands_in_two_passages_at_once() -> None:
    contexts = pa.array([["one two", "three"], ["one two three"], [None, "two three"], []], pa.list_(pa.string()))
    assert measured(AnswerInContext(), "answer_found", answer=["two three"] * 4, context=contexts) == [False, True, True, False]


def test_a_context_of_numbers_is_refused() -> None:
    with pytest.raises(RecipeError, match="takes texts or lists of texts"):
        AnswerInContext().adds({"answer": pa.string(), "context": pa.int64()})


def test_short_chinese_is_not_taken_for_japanese() -> None:
    told = measured(
        LanguageMatches(), "language_matches", text=["概述三天的行程。", "東京へ行きます。"], other=["今天天气很好，我们去公园散步吧。"] * 2
    )
    assert told == ["same", "different"]


def test_kin_count_as_one_language_and_numbers_as_unsure() -> None:
    told = measured(
        LanguageMatches(), "language_matches", text=["Danas je lijepo vrijeme i sunce sija.", "42"], other=["Данас је лепо време и сунце сија."] * 2
    )
    assert told == ["same", "unsure"]


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry, but I can't assist with that request.",
        "I’m not able to help you with this.",
        "As an AI language model, I cannot browse the internet.",
        "I must respectfully decline.",
        "Unfortunately, I cannot provide medical advice.",
        "<nooutput>",
        "Es tut mir leid, aber ich kann diese Frage nicht beantworten.",
        "Je suis désolé, mais je ne peux pas vous aider.",
        "Lo siento, pero no puedo ayudarte con eso.",
        "Mi dispiace, ma non posso aiutarti.",
        "Desculpe, mas não posso ajudar com isso.",
        "Het spijt me, maar ik kan u hier niet mee helpen.",
        "Przykro mi, ale nie mogę w tym pomóc.",
        "Извините, но я не могу помочь с этим.",
        "很抱歉，我无法提供此类信息。",
        "申し訳ありませんが、お手伝いできません。",
        "죄송하지만 도와드릴 수 없습니다.",
    ],
)
def test_refusals_are_seen_in_many_languages(reply: str) -> None:
    assert measured(NoRefusal(), "refusal", text=[reply]) == ["refusal"]


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry to hear that. What happened?",
        "I'm sorry, but you came in second.",
        "Penguins cannot fly.",
        "I can't believe how good this is!",
        "Unfortunately, the meeting was cancelled.",
        "He refused to sign, and I cannot blame him.",
        "抱歉我不能同时旅行",
        "很遗憾地通知大家，我明天不能来了。",
        "Leider regnet es heute, und ich kann meinen Schirm nicht finden.",
    ],
)
def test_regret_alone_is_no_refusal(reply: str) -> None:
    assert measured(NoRefusal(), "refusal", text=[reply]) == ["none"]


def test_ratios_are_counted_in_what_is_asked_for() -> None:
    for counted, ratio in (("characters", 2.0), ("words", 1.0), ("tokens", 1.5)):
        (found,) = measured(LengthRatio(counted_in=counted), "length_ratio", text=["abcdefgh"], other=["abcd"])
        assert found == pytest.approx(ratio, abs=0.5), counted
