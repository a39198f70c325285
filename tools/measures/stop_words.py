"""How many of a text's words are stop words: the, of, and. Running text has many, lists and tables have few."""

from functools import cache
from typing import ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from tools.contract import Between, Bound, Card, Columns, Desk, Example, Measure, Rule
from tools.digest import hashes

LISTS = {
    "en": """a about after all also an and any are as at be because been before but by can could did do does don't down each even for from get
        had has have he her here him his how i if in into is it it's its just like me more most my no not now of on one only or other our out
        over she should so some such than that the their them then there these they this those through to too under up us very was we were
        what when where which while who why will with would you your""",
    "de": """aber alle als also am an auch auf aus bei bin bis bist da damit dann das dass dem den denn der des die dies diese dieser doch dort
        du durch ein eine einem einen einer eines er es euch für habe haben hat hatte hier hinter ich ihm ihn ihr ihre im in ist ja jede jeder
        kann kein keine können man mehr mein mit nach nicht noch nur ob oder ohne sehr sein seine sich sie sind so über um und uns unter vom von
        vor war waren was weil wenn wer werden wie wieder wir wird wo zu zum zur zwischen""",
    "fr": """à ai au aussi autre aux avec avoir c'est ce ces cet cette chez comme dans de des donc dont du elle elles en entre est et été être eu
        fait il ils j'ai je la le les leur leurs lui mais me même mes moi mon n'est ne nos notre nous on ont ou où par pas peut plus pour qu'il
        que quel quelle qui s'il sa sans se ses si son sont sous sur ta te tes toi ton tous tout très tu un une vos votre vous y""",
    "es": """a al algo ante antes aquí así aunque cada como con contra cual cuando de del desde donde dos el él ella ellas ellos en entre era es
        esa ese eso esta está estaba este esto fue ha había han hasta hay la las le les lo los más me mi mientras muy nada ni no nos o otra otro
        para pero poco por porque que qué quien se ser si sí sin sobre son su sus también tan te tiene todo todos tu tú un una uno unos y ya yo""",
    "it": """a ad ai al alla alle allo anche ancora c'è che chi ci come con contro cosa così cui da dai dal dalla dalle degli dei del dell della
        delle dello di dove dopo e è ed era essere fra gli ha hanno ho i il in io la le lei li lo loro lui ma mi mia mio molto ne nei nel nella
        nelle no noi non nostro o ogni per perché però più poi può qua quando quella quello questa questo qui se sei senza si sia sono su sua
        sul sulla suo sì tra tu tutti tutto un un'altra una uno vi voi""",
    "pt": """a à ainda além ao aos apenas aqui as às assim até cada com como contra da das de dela dele depois desde do dos e é ela elas ele eles em
        entre era essa esse esta está este eu foi foram há isso isto já la lhe mais mas me mesmo meu minha muito na não nas nem no nos nós nossa
        nosso num numa o onde os ou outra outro para pela pelo pelos por porque qual quando que quem são se sem ser seu seus só sobre sua suas
        também te tem ter todo todos tu tudo um uma você vocês""",
    "nl": """aan al alle alles als altijd andere bij daar dan dat de der deze die dit doch doen door dus een en er ge geen had hadden heb hebben
        heeft hem het hier hij hoe hun iemand iets ik in is ja je jij jou kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog
        nu of om omdat onder ons ook op over reeds te tegen toch toen tot u uit uw van veel voor want waren was wat we werd wezen wie wil wij
        wordt worden zal ze zei zelf zich zij zijn zo zonder zou""",
}  # fmt: skip


class StopWords(Measure):
    """Count the stop words of one language. Running text of that language has a share of 0.3 to 0.6; lists, code and other languages have less.

    Every occurrence counts. The share is of all words; a text without words has 0.
    """

    language: Literal["en", "de", "fr", "es", "it", "pt", "nl"] = Field(default="en", description="Whose stop words.")
    at_least: Bound = Field(default=None, description="Least number of stop words.")
    share_at_least: Bound = Field(default=None, description="Least share of stop words.")
    share_at_most: Bound = Field(default=None, description="Largest share of stop words.")

    card: ClassVar[Card] = Card(
        stage="filter",
        reads={"text": pa.string()},
        adds={"stop_words": pa.int32(), "stop_word_share": pa.float64()},
        exact=True,
        micros_per_row=40.0,
        paper="arXiv:2112.11446, appendix A1.1",
        aliases=(
            "stop words",
            "stopwords",
            "function words",
            "at least two stop words",
            "share of stop words",
            "running text",
            "real sentences",
            "proper prose",
            "natural prose",
            "keyword lists",
            "SEO spam",
            "word salad",
        ),
        not_for=("language of the text", "number of words", "remove stop words from the text"),
        examples=(
            Example(given={"text": ["The cat and the dog.", "cat dog", ""]}, gives={"stop_words": [3, 0, 0], "stop_word_share": [0.6, 0.0, 0.0]}),
            Example(params={"at_least": 2}, given={"text": ["cheap shoes buy", "this is a text"]}, keeps=(1,), drops={0: "stop_words"}),
            Example(params={"language": "de"}, given={"text": ["Das ist gut"]}, gives={"stop_words": [2]}),
        ),
    )

    def measure(self, batch: pa.RecordBatch, desk: Desk) -> Columns:
        scan = desk.scan(batch["text"])
        words = scan.word_hashes
        rows = pc.list_parent_indices(words).filter(pc.is_in(words.flatten(), value_set=_hashed(self.language)))
        found = _counted(rows, len(words))
        share = pc.divide(found.cast(pa.float64()), pc.max_element_wise(scan.words, 1))
        return {"stop_words": found, "stop_word_share": share}

    def rule(self) -> Rule:
        rules = (Between("stop_words", at_least=self.at_least), Between("stop_word_share", self.share_at_least, self.share_at_most))
        return tuple(rule for rule in rules if not rule.at_least is rule.at_most is None)


@cache
def _hashed(language: str) -> pa.Array:
    return pa.array(hashes(pa.array([word.casefold() for word in LISTS[language].split()], pa.string())))


def _counted(rows: pa.Array, length: int) -> pa.Array:
    """How often each row number occurs."""
    return pa.array(np.bincount(rows.to_numpy(), minlength=length).astype(np.int32))
