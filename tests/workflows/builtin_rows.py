"""For each builtin recipe: rows that must end at a given step, and rows that must come out as written here.

`GONE` maps a step to the row that only this step takes out; `MADE` maps a step that rewrites to a row and what it becomes.
Steps that are seen in other ways stand in `ELSEWHERE`.
"""

from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]

RIVER = (
    "The river that runs through the old town was once its only road, and boats came up with salt and went down with cloth. "
    "When the railway was built, most of the merchants moved to the hill, and the quays were left to the anglers. "
    "Today the warehouses have been made into flats, and on summer evenings the people of the town walk along the water again. "
)
MILL = (
    "A mill stands where the stream leaves the wood, and its wheel has not turned since the war. "
    "The miller's family kept the books of a hundred and fifty years, in which every sack is written down with its owner and its price. "
    "A historian who read all of them found that the price of flour followed the weather of the year before, and hardly ever the year itself. "
)
BEES = (
    "Bees find their way by the sun, and they know where it stands even when it is behind a cloud. "
    "A bee that has found a field of clover dances for the others in the dark of the hive, and the length of the dance says how far it is. "
    "Whoever moves the hive by night to a place a mile away will see that the bees have to learn their country anew. "
)
TOWN = (
    "It would be naïve to think that a town forgets its fires, for there are too many stones that are black on one side. "
    "The baker's house was the first to burn, and the one in which it began was never found, although everybody had a name to give. "
    "For fifty years the watch went round at night and called the hours, and people slept the better for it. "
)
WIND = (
    "There is a wind that comes from the lake in the spring and that has a name of its own in every village of the shore. "
    "Fishermen say that it can be heard the evening before, when the reeds that stand in the water begin to lean the wrong way. "
    "Nobody who has to cross the lake on the next morning would sleep that night without having looked at his ropes. "
)
ACCENTS = (
    "La rivière qui traverse la vieille ville était jadis sa seule route, et les bateaux montaient chargés de sel. "
    "Quand le chemin de fer fut posé, la plupart des marchands s'établirent sur la colline, et les quais furent laissés aux pêcheurs. "
    "Les soirs d'été, les gens de la ville se promènent de nouveau au bord de l'eau. "
)
GERMAN = (
    "Der Fluss, der durch die alte Stadt fließt, war einst ihre einzige Straße, und Boote brachten Salz herauf und trugen Tuch hinab. "
    "Als die Eisenbahn gebaut wurde, zogen die meisten Kaufleute auf den Berg, und die Kais blieben den Anglern überlassen. "
    "Heute sind die Speicher Wohnungen geworden, und an Sommerabenden gehen die Leute der Stadt wieder am Wasser spazieren. "
)
CHINESE = (
    "穿过老城的河流曾经是它唯一的道路，船只运来盐，又载走布匹。铁路修好以后，大多数商人搬到了山上，码头留给了钓鱼的人。"
    "今天，仓库已经改成了住宅，夏天的傍晚，城里的人们又沿着水边散步。孩子们在桥下玩耍，老人坐在树荫里下棋，卖水果的小贩推着车慢慢走过。"
)
CODE = (
    "def total(prices, rate):\n    \"\"\"What all of it costs with tax.\"\"\"\n    found = sum(prices)\n    return found * (1 + rate)\n\n\n"
    "def cheapest(prices):\n    \"\"\"The lowest price there is.\"\"\"\n    best = None\n    for price in prices:\n"
    "        if best is None or price < best:\n            best = price\n    return best\n"
)  # fmt: skip
OTHER_CODE = (
    "class Shelf:\n    \"\"\"Holds books by their title.\"\"\"\n\n    def __init__(self):\n        self.books = {}\n\n"
    "    def put(self, book):\n        self.books[book.title] = book\n\n    def take(self, title):\n        return self.books.pop(title)\n"
)  # fmt: skip
KEY = "AKIA" + "ABCDEFGHIJ234567"  # in two parts, so that no scanner takes it for a key
LICENCE = (
    "# Copyright 2020 Somebody\n#\n# Permission is given to use this file for any purpose, and nothing\n"
    "# is promised about what it does or does not do.\n\n"
)


def turns(asked: str, chosen: str, rejected: str) -> Row:
    said = {"from": "gpt", "value": chosen}, {"from": "gpt", "value": rejected}
    return {"conversations": [{"from": "human", "value": asked}], "chosen": said[0], "rejected": said[1]}


def task(instruction: str, output: str, input: str = "") -> Row:
    return {"instruction": instruction, "input": input, "output": output}


LETTER = "Write a letter to the mayor of a small town in which you ask for a new bridge over the river"
ONE, OTHER = "Because the air scatters blue light more than red.", "It mirrors the sea."

FIRST: dict[str, list[Row]] = {  # rows of which others are repeats
    "instructions": [task("What is the capital of France?", "Paris."), task(LETTER, "Dear Sir, we need a bridge.")],
    "preferences": [{"chosen": RIVER * 2, "rejected": MILL}],
    "preference-chats": [turns("What of the river?", RIVER * 2, MILL)],
    "multilingual": [{"text": MILL}],
    "rag": [{"text": MILL + "\n\n" + MILL[:80]}],
}

GONE: dict[str, dict[str, Row]] = {
    "web": {
        "english": {"text": GERMAN},
        "prose": {"text": "The page that you were looking for has moved to another place. We are sorry."},
        "not_repetitive": {"text": BEES + ("\nThis is the line that every page of the site has." * 4)},
        "no_filler": {"text": RIVER + "Lorem ipsum dolor sit amet."},
        "once": {"text": MILL.replace("has not turned since the war", "did not turn since the war")},
    },
    "instructions": {
        "asked": task(" ", "An answer to nothing."),
        "answered": task("Name a colour that has no rhyme in English.", ""),
        "not_given_up": task("Draw a chart of the rainfall in May.", "[Insert Bar Chart]"),
        "own_voice": task("Say what you had for breakfast this morning.", "As an AI language model, I do not eat breakfast."),
        "not_about_pictures": task("Describe the following photo in one sentence.", "Two children play on a beach."),
        "not_about_links": task("Summarise the article for a busy reader.", "It says that trade has grown.", "https://news.example/article/17"),
        "not_looping": task("Write a song about rain and the sea.", "Rain on the sea\n" * 6),
        "once": task("  what is the capital of FRANCE? ", "It is Paris."),
        "distinct": task(f"{LETTER} today", "Dear Mayor, build a bridge."),
    },
    "preferences": {
        "has_chosen": {"chosen": " ", "rejected": "Only one side has something to say."},
        "has_rejected": {"chosen": "The other side has nothing to say.", "rejected": ""},
        "different": {"chosen": "Twice  the\nsame.", "rejected": "Twice the same."},
        "not_too_long": {"chosen": "word " * 4000, "rejected": "A short one."},
        "rejected_not_too_long": {"chosen": "A short one indeed.", "rejected": "words " * 4000},
        "once": {"chosen": OTHER, "rejected": ONE},
        "distinct": {"chosen": RIVER * 2 + "Yes.", "rejected": MILL},
    },
    "preference-chats": {
        "has_question": turns("", "To which question?", "I do not know."),
        "has_chosen": turns("Who was first?", " ", "The hen was first."),
        "has_rejected": turns("Who was last?", "The egg was last.", ""),
        "different": turns("Say it twice.", "Twice  the\nsame.", "Twice the same."),
        "not_too_long": turns("Say much.", "word " * 4000, "A short one."),
        "rejected_not_too_long": turns("Say more.", "A short one.", "word " * 4000),
        "once": turns("Why is the sky blue?", OTHER, ONE),
        "distinct": turns("What of the river?", RIVER * 2 + "Yes.", MILL),
    },
    "multilingual": {
        "known": {"text": "qx zv kk jjw pfft brr zzt mm hmq vvx " * 6},
        "spaced_prose": {"text": "Die Seite, die Sie suchen, ist an einen anderen Ort gezogen."},
        "unspaced_long": {"text": "您要找的页面已经搬到别的地方去了，请从首页重新开始查找。"},
        "unspaced_prose": {"text": "电话号码一览表：" + "".join(f"北京 010-{n}、" for n in range(62510000, 62510020)) + "以上都是办公时间的号码。"},
        "not_repetitive": {"text": BEES + ("\nThis is the line that every page of the site has." * 4)},
        "once": {"text": MILL.replace("has not turned since the war", "did not turn since the war")},
    },
    "code": {
        "not_tiny": {"text": "import os\n"},
        "written_by_people": {"text": "# Auto generated by make_tables.py\n" + OTHER_CODE.replace("Shelf", "Table")},
        "short_lines": {"text": "var names = ['" + "', '".join(f"name of somebody {n}" for n in range(40)) + "'];\n"},
        "no_long_line": {"text": OTHER_CODE * 8 + "names = '" + "somebody or other, " * 60 + "'\n" + "x = 1\n" * 40},
        "letters": {"text": "TABLE = [\n" + "".join(f"    0x{n:04x}, 0x{n * 7:04x}, 0x{n * 11:04x},\n" for n in range(40)) + "]\n"},
        "distinct": {"text": CODE},
    },
    "rag": {
        "filled": {"text": "---\ntitle: nothing\n---\n"},
        "one_version": {"text": MILL},
        "not_a_stub": {"text": "This page has moved."},
        "has_words": {"text": "| --- | --- | --- |\n" + "".join(f"| {n} | {n * n} | {n**3} |\n" for n in range(20)) + "a table of numbers\n"},
    },
}  # fmt: skip

MADE: dict[str, dict[str, tuple[Row, Row]]] = {
    "web": {
        "plain": ({"text": f"<html><body><p>{RIVER}</p><script>let x = 1</script></body></html>"}, {"text": RIVER.strip()}),
        "repaired": ({"text": TOWN.replace("naïve", "naÃ¯ve")}, {"text": TOWN.strip()}),
        "tidy": ({"text": "  " + WIND.replace(" that ", "   that\t")}, {"text": WIND.strip()}),
        "sentences": ({"text": "Home | About | Contact\nSign in\n\n" + MILL}, {"text": MILL.strip()}),
        "masked": ({"text": BEES + "Write to bees@example.org for more."}, {"text": BEES + "Write to [EMAIL] for more."}),
    },
    "instructions": {
        "no_filler": (
            task("Name three rivers of Europe.", "Rhine, Rhone, Danube.", "<noinput>"),
            task("Name three rivers of Europe.", "Rhine, Rhone, Danube."),
        ),
    },
    "preferences": {
        "keyed": ({"chosen": ONE, "rejected": OTHER}, {"chosen": ONE, "rejected": OTHER}),
    },
    "preference-chats": {"keyed": (turns("Why is the sky blue?", ONE, OTHER), turns("Why is the sky blue?", ONE, OTHER))},
    "multilingual": {
        "repaired": ({"text": GERMAN.replace("ß", "ÃŸ")}, {"text": GERMAN.strip(), "detected_language": "de"}),
        "composed": ({"text": ACCENTS.replace("é", "e\u0301")}, {"text": ACCENTS.strip(), "detected_language": "fr"}),
        "tidy": ({"text": "  " + WIND.replace(" that ", "   that\t")}, {"text": WIND.strip(), "detected_language": "en"}),
        "unspaced": ({"text": CHINESE}, {"text": CHINESE, "detected_language": "zh"}),
        "masked": (
            {"text": BEES + "Write to bees@example.org for more."},
            {"text": BEES + "Write to [EMAIL] for more.", "detected_language": "en"},
        ),
    },
    "code": {
        "no_secrets": ({"text": OTHER_CODE + f'KEY = "{KEY}"\n'}, {"text": OTHER_CODE + 'KEY = "[SECRET]"\n'}),
        "masked": ({"text": LICENCE + "# by bees@example.org\n" + CODE}, {"text": LICENCE + "# by [EMAIL]\n" + CODE}),
    },
    "rag": {
        "no_front_matter": ({"text": "---\ntitle: Bees\ndate: 2020\n---\n" + BEES}, {"text": BEES}),
    },
}

ELSEWHERE = {
    "preference-chats": {"asked", "with_chosen", "with_rejected", "bare"},  # columns for the steps after them, seen to be gone
    "preferences": {"bare"},
    "code": {"bare", "columns"},
    "rag": {"passages", "once"},
}
