"""What people ask for that needs an operator of its own: how they say it, the operators that would do it, and what is missing without them."""

CAPABILITIES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        r"\b(?:openai|chatml|chat)[ -](?:format|style|messages|template)|\bmessages (?:column|field|format|list)|"
        r"\bchat(?:ml)? format|\brole and content|\bas (?:chat|openai) messages|\bconversation(?:al)? format",
        ("to_messages",),
        "turning rows into chat messages",
    ),
    (r"\bshare-?gpt\b|\bfrom and value\b", ("to_sharegpt",), "writing ShareGPT conversations"),
    (r"\balpaca (?:format|style|shape|layout|json)\b|\b(?:to|into|as) alpaca\b", ("to_alpaca",), "turning conversations into the Alpaca shape"),
    (
        r"\bdpo ?trainer\b|\bdpo (?:format|data|training|pairs)\b|\bpreference (?:format|pairs?|dataset)\b|"
        r"\bprompt,? chosen,? (?:and )?rejected\b|\bflatten (?:the )?(?:conversations?|chats?|messages)\b",
        ("flatten_chat", "to_preference"),
        "making prompt, chosen and rejected texts",
    ),
    (r"\bprompt(?:/| and )completion (?:format|pairs?|shape)\b", ("to_prompt_completion",), "writing prompt and completion pairs"),
    (
        r"\b(?:main|article|body) (?:text|content)\b|\bclean (?:article|page) text\b|\bboilerplate\b|\breadable text\b|"
        r"\b(?:menus?|nav(?:igation)? bars?|cookie (?:notices?|banners?)|sidebars?|footers?)\b",
        ("extract_main_text",),
        "taking the main text out of web pages",
    ),
    (
        r"\btoxic\w*|\bhate ?(?:speech|ful)|\bharmful\b|\babusive\b|\binsult\w*|\bnsfw\b|\bunsafe (?:content|text|answers?)",
        ("toxicity",),
        "judging toxicity (it needs a model)",
    ),
    (
        r"\b(?:valid|parses?|parseable|compil\w+|syntactically|broken)\b[^.;]{0,30}\b(?:python|code|javascript|java|sql|programs?|snippets?)\b|"
        r"\bcode\b[^.;]{0,30}\b(?:parses?|compiles?)\b|\bsyntax errors?\b",
        ("code_compiles",),
        "checking that code parses",
    ),
    (
        r"\b(?:working|correct|runnable|executable|bug-?free)\b[^.;]{0,20}\b(?:python|code|javascript|java|sql|programs?|snippets?|queries)\b|"
        r"\b(?:code|programs?|snippets?|functions?|solutions?|quer(?:y|ies)|sql|responses?)\b[^.;]{0,30}\b(?:runs?|executes?|pass(?:es)?|works?|crash\w*|fails?)\b"
        r"[^.;]{0,20}(?:\btests?\b|\bwithout\b|\bcorrectly\b|\berrors?\b|$)|\b(?:pass\w*|fail\w*) (?:all |any |its |their |the )?(?:unit )?tests\b",
        ("code_passes_tests", "sql_executes"),
        "running code",
    ),
    (
        r"\b(?:valid|well-?formed|parseable|broken|invalid|malformed) json\b|\bjson (?:that|which) parses\b|\bparses? as json\b",
        ("is_json",),
        "checking that a text is JSON",
    ),
    (
        r"\bbalanced?\b|\bsame number (?:of|from|per)\b|\bequal(?:ly)? (?:number|many|share|sized?|represented)\b|\b(?:per|"
        r"from each|of each|for each|from every|of every|per each)\s+(?:class|label|category|topic|intent|group|language|source|"
        r"\w+ (?:class|label))\b|\beven(?:ly)? (?:split|distributed|spread)\b",
        ("balance", "stratified_sample"),
        "balancing the classes",
    ),
    (
        r"\bstratif\w+|\bsame \w+ (?:proportions?|distribution|shares?|mix|ratios?)\b|\bkeeping the (?:label|class|"
        r"category) (?:distribution|proportions?|shares?)\b|\bproportional(?:ly)? (?:by|to|across)\b",
        ("stratified_sample",),
        "a stratified sample",
    ),
    (r"\bat least (?:one|two|three|\d+)(?: [a-z]+)? (?:of|from) (?:each|every)\b", (), "making sure of so many rows of each group"),
    (r"\btranslat\w+", ("translate",), "translating (it needs a model)"),
    (
        r"\bsummari[sz]\w+\b|\b(?:write|make|create|generate|add|give|produce)\b[^.;]{0,40}\b(?:summar(?:y|ies)|tl;?dr|gist)\b",
        ("summarise",),
        "summarising (it needs a model)",
    ),
    (
        r"\bparaphras(?:e|ing)\b|\brephras\w+|\bsynthesi[sz]\w+|\b(?:generate|write|invent|"
        r"come up with)\b[^.;]{0,30}\b(?:questions?|answers?|examples?|instructions?|pairs|rows|problems?|explanations?)\b",
        ("questions_from_text", "rewrite_text", "self_instruct"),
        "writing new text (it needs a model)",
    ),
    (
        r"\b(?:embeddings?|semantic(?:ally)?)\b(?! model| models)[^.;]{0,20}\b(?:dedup\w*|duplicates?|similar\w*|cluster\w*|"
        r"vectors?|of)\b|\bsemantic dedup\w*",
        ("semantic_dedup",),
        "comparing meanings (it needs an embedding model)",
    ),
    (r"\bperplexity\b(?! column)", ("perplexity", "ngram_surprise"), "measuring perplexity (it needs a model)"),
    (
        r"\b(?:ask|let|have|use|using|with|by|via)\s+(?:an? |the )?(?:gpt\S*|llms?|chatgpt|claude\S*|llama\S*|(?:language )?models? to)\b|"
        r"\b(?:llm|gpt-?\d|claude|model)[ -](?:judge|as a judge|rate|score|grade)\w*|\b(?:rate|grade|judge|"
        r"score)\b[^.;]{0,40}\b(?:helpful\w*|quality|difficulty|usefulness|from \d to \d+|on a scale)\b",
        ("llm_judge", "ask_llm"),
        "judging rows (it needs a model)",
    ),
    (
        r"\bhtml\b[^.;]{0,20}\bmarkdown\b|\b(?:remove|strip|without)\b[^.;]{0,20}\b(?:markdown|latex|wiki ?text|wiki markup)\b",
        ("remove_markup",),
        "taking markup other than HTML out of a text",
    ),
    (
        r"\bfacts?(?:ually)?\b[^.;]{0,20}\b(?:wrong|correct|true|false|check\w*)\b|\bhallucinat\w+|\b(?:wrong|incorrect|"
        r"correct) (?:answers?|solutions?|results?)\b",
        ("faithfulness",),
        "checking whether answers are right",
    ),
)
