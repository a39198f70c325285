"""Sentences end where a reader would end them, on a list made by hand; `|` stands between two."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.boundaries import texts_of
from tools.expand.split_sentences import SplitSentences
from tools.sentences import starts

CASES = [
    "It rained. | We stayed in. | Nobody came!",
    "Dr. Smith met Mrs. Jones on St. James St. in London. | They talked.",
    "He works for the U.S. Army in Kansas. | She does not.",
    "They moved to the U.S. | The house was sold.",
    "See e.g. Fig. 3 and Eq. (2), i.e. the proof. | It holds.",
    "The meeting is at 5 p.m. today. | Be there.",
    "We met at 5 p.m. | The bar was closed.",
    "J. R. R. Tolkien wrote it. | C. S. Lewis read it.",
    "It costs 3.50 dollars. | That is 1.000,5 more.",
    "Version 2.0.1 is out. | Get it at example.com. | Now.",
    "“Are you sure?” she asked. | “I am.” | He left.",
    '"Stop!" he cried. | "No." | Then silence.',
    "He said (see above.) | Nothing happened.",
    "(It was late.) | We went home.",
    "Yahoo! is a company. | Is it? | Yes.",
    "Wait... what? | I thought… no.",
    "He paused... | Then he spoke.",
    "1. Install it. | 2. Run it.",
    "Steps:\n | 1. Install it.\n | 2. Run it.",
    "Apples, pears, etc. are fruit. | Beans etc. | They are not.",
    "Acme Inc. was founded in 1999. | It grew.",
    "Smith et al. showed this in vol. 3, pp. 4-9. | Others did not.",
    "No. 5 is alive. | No. | That is wrong.",
    "This is no. 7 of ten. | So be it.",
    "On Jan. 5 it snowed. | In Dec. 1999 too.",
    "Heading without stop\n\n | A paragraph follows here.\n\n | Another one.",
    "First line\nsecond line of the same sentence. | Next one.",
    "Items:\n | - one thing\n | - another thing\n\n | Done.",
    "It grew by 5%. | 12 people left. | 3 came back.",
    "Was it he? | Or I? | You and I. | They all came.",
    "World War I began in 1914. | It ended in 1918.",
    "He holds a Ph.D. in physics. | She has an M.D. | They teach.",
    "Das ist z.B. am 3. Oktober d.h. bald. | Dann kommt Nr. 5. | Ende.",
    "Er kam am 12. März bzw. später. | Sie nicht.",
    "Prof. Dr. Müller sprach. | Alle schwiegen.",
    "Im 19. Jahrhundert war das so. | Heute nicht mehr.",
    "Où est-il ? | Il est là. | M. Dupont l'a vu.",
    "¿Dónde está? | ¡Aquí! | El Sr. López vino.",
    "今天天气很好。| 我们去公园吧！| 好吗？| 好……那走吧。",
    "他说：“你好。”| 然后走了。",
    "「行きます。」と言った。| 彼は帰った。",
    "『終わり！』| 次の話。",
    "他用 Python 3.11 写的。| It works. | 真的？！| 对。",
    "यह अच्छा है। | वह नहीं है।",
    "هل أنت بخير؟ | نعم. | شكرا.",
    "እንዴት ነህ። | ደህና ነኝ።",
    "Ends without a stop",
    "Two spaces.  | Then more.\t | And a tab.",
    "The town.[3] | It was burnt in 1666.[4][5] | It rose again.",
    "She wrote *this*. | **Bold end.** | Then plain.",
    "A.B. was tried. | The plan failed.",
    "He likes Vitamin C. | She does not.",
    "Call me at 555.1234. | Thanks!",
    "What?! | No way!!! | Yes.",
    "The file is a.txt. | open it in vi.",
    "The U.N. Security Council met. | However, nothing came of it.",
    "In the 1990s. | Later too.",
    "“Go.” “Why?” | “Because.”",
    "He lives on Main St. | She lives elsewhere.",
    "I saw it in Washington D.C. | The sun shone.",
]
WRONG = {  # what rules get wrong, and a reader would not
    "He likes Vitamin C. | She does not.",  # a capital before a stop is taken for an initial
    "The file is a.txt. | open it in vi.",  # a sentence that begins in lower case
    "“Go.” “Why?” | “Because.”",  # three are found
    "He lives on Main St. | She lives elsewhere.",  # St. is taken for a title
}

FURTHER = [  # met after the rules were written
    "Mr. and Mrs. Dursley, of number four, Privet Drive, were proud. | They were normal.",
    'The temperature fell to -3.5 °C. | "Cold," he said.',
    "Apple Inc. | It is based in California.",
    "She was born in St. Petersburg. | He wasn't.",
    "Is this the real life? | Is this just fantasy? | Caught in a landslide, no escape.",
    "See Sec. 4.2 for details. | The rest is in App. B.",
    "I met him at approx. 10 a.m. on Monday. | He was late.",
    'He asked, "Why?" and left. | Nobody knew.',
    "The company (founded in 1901) failed. | It was sold [see note]. | End.",
    'What about "U.S.A."? | It is a country.',
    "It was 10:30 p.m. | Everyone slept.",
    "Use `a.b()` here. | Then call c.",
    "Visit https://a.org/x.html. | It's free.",
    "The U.S. economy grew. | The U.K. did not.",
    "Mt. Everest is high. | Lake Ave. is long.",
    "Hello World. | My name is Jonas.",
    "There it is! | I found it.",
    "My name is Jonas E. Smith. | Please turn to p. 55.",
    "Were Jane and co. at the party? | They closed the deal with Pitt, Briggs & Co. at noon.",
    "Let's ask Jane and co. | They should know.",
    "They closed the deal with Pitt, Briggs & Co. | It closed yesterday.",
    "I can see Mt. Fuji from here. | St. Michael's Church is on 5th st. near the light.",
    "That is JFK Jr.'s book. | I visited the U.S.A. last year.",
    "I live in the E.U. | How about you?",
    "I live in the U.S. | How about you?",
    "I work for the U.S. Government in Virginia. | I have lived in the U.S. for 20 years.",
    "At 5 a.m. Mr. Smith went to the bank. | He left the bank at 6 P.M. | Mr. Smith then went to the store.",
    "She has $100.00 in her bag. | It is in her bag.",
    "He teaches science (He previously worked for 5 years as an engineer.) at the local University. | Ok.",
    "Her email is Jane.Doe@example.com. | I sent her an email.",
    "She turned to him, 'This is great.' she said. | She held the book out to show him.",
    'She turned to him, "This is great." | She held the book out to show him.',
    "Hello!! | Long time no see. | Hello?? | Who is there? | Hello!? | Is that you?",
    "You can find it at N°. 1026.253.553. | That is where the treasure is.",
    "She works at Yahoo! in the accounting department. | Fine.",
    "We make a good team, you and I. | Did you see Albert I. Jones yesterday?",
    'Thoreau argues that by simplifying one\'s life, "the laws of the universe will appear less complex. . . ." | Next.',
    "Bohr [...] used the analogy of parallel stairways [...] (Smith 55). | Then more.",
    "One further habit which was somewhat weakened . . . was that of combining words. | . . . The practice was not abandoned.",
    "Il a vu M. Martin. | Il est parti.",
    "Siehe S. 12 ff. und Abb. 3. | Das war's.",
    "Die GmbH & Co. KG wurde 1990 gegründet. | Sie wuchs.",
    "Sra. García no vino. | ¿Por qué?",
    "Он родился в 1990 г. в Москве. | Потом уехал.",
    "А. С. Пушкин написал это. | Лермонтов тоже.",
    "彼は「はい。」と答えた。| そして帰った。",
    "「本当ですか？」「はい。」| 二人は黙った。",
    "北京是中国的首都。| 上海呢？| 也很大！",
    "价格是3.5元。| 不贵。",
    "He said “Hello.” | Then he left.",
    "Prices rose 3.2 per cent. | The index (S&P 500) fell.",
]
WRONG |= {
    "See Sec. 4.2 for details. | The rest is in App. B.",
    "At 5 a.m. Mr. Smith went to the bank. | He left the bank at 6 P.M. | Mr. Smith then went to the store.",
    "You can find it at N°. 1026.253.553. | That is where the treasure is.",
    "Bohr [...] used the analogy of parallel stairways [...] (Smith 55). | Then more.",
    "One further habit which was somewhat weakened . . . was that of combining words. | . . . The practice was not abandoned.",
}


def sentences(text):
    return SplitSentences().expand(pa.record_batch({"text": pa.array([text])}), None)[0]["text"].to_pylist()


@pytest.mark.parametrize("case", [case for case in CASES + FURTHER if case not in WRONG])
def test_a_sentence_ends_where_a_reader_ends_it(case):
    wanted = [piece.strip() for piece in case.split("|")]
    assert sentences(case.replace(" | ", " ").replace("\n | ", "\n").replace("| ", "").replace("|", "")) == wanted


@given(st.text(st.sampled_from("aB. !?\n。」“”(1)é\u3000\U0001f600"), max_size=60))
def test_sentences_hold_every_character_that_is_no_white_space(text):
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(piece == piece.strip() and piece for piece in found)


@given(st.lists(st.text(st.sampled_from("ab.日 。é\n"), max_size=20), max_size=5))
def test_a_text_is_read_as_if_it_were_alone(texts):
    whole = texts_of(pa.array(texts, pa.string()))
    assert whole.whole == "".join(texts)
    alone = [start + base for base, text in zip(whole.bounds.tolist(), texts, strict=False) for start in starts(text, np.array([0, len(text)]))]
    assert whole.sentences.tolist() == alone
