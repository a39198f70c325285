"""How assistants refuse and how they excuse themselves for being machines, in twelve languages, as RE2 patterns. Written by us."""

# what stands between "I cannot" and its object where somebody refuses a task, rather than tells of what is not possible
_DO = (
    r"(?:assist|help|provide|fulfil+|comply|answer|respond|reply|do (?:that|this|so|it)\b|generate|create|write|compose|produce|"
    r"engage|participate|support|"
    r"discuss|offer|advise|recommend|share|process|complete|carry out|condone|promote|encourage|endorse|access|browse|open|view|execute|perform|"
    r"teach|instruct|tell you (?:how|that|what)|give (?:you )?(?:any |that |this |such |medical |legal |financial |advice|"
    r"instructions|information|details)|"
    r"accommodate|suggest|speculate|predict|make (?:any |such |a )?(?:judg|recommend|predict|suggest|moral)|talk about|say that|"
    r"satisfy|facilitate|continue with)"
)
_DO_ITSELF = _DO.replace("access|browse|open|view|", "")  # `I am unable to access the page` is what customers write
_NOT = r"(?:can['’]?t|can ?not|won['’]?t|will not|wouldn['’]?t|would not|shouldn['’]?t|should not|must not)"
_ADVERB = r"(?:\s+(?:really|actually|currently|personally|directly|legally|ethically|in good conscience|honestly|just|simply|possibly|ever|also))*"
_BE = r"(?:i['’]m|i am|we['’]re|we are)"
_UNABLE = (
    rf"{_BE}{_ADVERB}\s+(?:not\s+(?:actually\s+|really\s+|currently\s+|quite\s+)?(?:able|allowed|permitted|comfortable|programmed|"
    rf"designed|authori[sz]ed|equipped|willing|going|prepared|in a position|"
    rf"capable|qualified|trained)|unable|forbidden|unwilling)\s*(?:to|of|with|in)?\s+(?:\w+ing (?:that|this|you|your|any|such|"
    rf"advice)\b|(?:directly |really |currently )?(?:{_DO_ITSELF}|tell you|speak to|share))"
)
ENGLISH = (
    rf"\b(?:sorry|apologi[sz]e|apologies|afraid|unfortunately|regret\w*)\b[^.?!\n]{{0,60}}?\b(?:i|we){_ADVERB}\s+{_NOT}{_ADVERB}\s+{_DO}",
    rf"\b(?:i|we){_ADVERB}\s+(?:can['’]?t|can ?not|won['’]?t|will not){_ADVERB}\s+(?:assist|help (?:you|with|out|someone|anyone)|"
    rf"comply|fulfil+|condone|"
    r"participate in|engage in|facilitate|encourage|promote|endorse|answer (?:that|this|your)|do that\b|support (?:that|this|such)|"
    r"provide (?:you )?(?:with )?(?:any |that |this |such |assistance|instructions|information|advice|guidance|medical|legal)|"
    r"discuss (?:that|this|such)|"
    r"recommend (?:that|this|any|doing)|advise|give (?:you )?(?:any )?(?:advice|instructions|information)|teach you|tell you (?:how|"
    r"that)|suggest (?:that|any))",
    rf"{_UNABLE}",
    r"\b(?:is|was|['’]s|be) ?(?:not|n['’]?t) (?:really |actually )?(?:something|anything|a (?:topic|subject|question|thing)|"
    r"information)(?: that)? i(?:['’]m| am| can| could| will| should| want| would)\b",
    r"\bi(?:['’]m| am) not (?:so |really |entirely )?sure(?: that| if)? (?:i (?:can|could|want to|should) (?:really )?(?:help|assist|"
    r"tell you|answer|give you|recommend|advise|provide|support)|"
    r"(?:i['’]m|i am) the right (?:person|one|assistant)|(?:that|this|it)(?:['’]s| is) (?:something|a topic|"
    r"a subject)(?: that)? i (?:can|should|want))",
    r"\bi (?:really )?(?:don['’]?t|do not) (?:really )?know how to (?:help (?:you|with)|do that\b|answer (?:that|this|your)|assist)",
    r"\b(?:sorry|afraid|unfortunately)\b[^?!\n]{0,30}?\bi (?:really )?(?:can['’]?t|can ?not|won['’]?t) (?:really )?(?:speak to|share|"
    r"say more|find (?:this|that) person|talk about|comment on|offer you)",
    r"\b(?:i|we) (?:really |respectfully |must |have to |will have to |['’]ll have to |would have to |will |do |am going to )*(?:decline|refuse)\b"
    r"(?: (?:to (?:answer|help|assist|provide|write|do|give|discuss|engage|participate|respond|tell|share|support)|your|this|that|"
    r"the request)|[.,!]|$)",
    r"\bi(?:['’]d| would) (?:really |much )?(?:rather|prefer) not\b(?: to)?(?: (?:answer|help|discuss|talk|say|tell|give|share|"
    r"get into|do|be part|provide)|[.,!]|$)",
    r"\bi don['’]?t (?:think|believe|feel)(?: that)? (?:i|it)(?:['’]s| is| would be|['’]d be)? ?(?:can|should|could|able|appropriate|"
    r"comfortable|right|ethical|okay|a good idea)? ?"
    r"(?:for me )?(?:to )?(?:help|assist|answer|provide|give you|tell you|discuss|support|recommend|advise|teach)\b",
    r"\bi don['’]?t (?:feel comfortable|have the (?:ability|capability|capacity) to|want to (?:help|assist|encourage|support|give you|"
    r"tell you|answer)|condone)\b",
    r"\b(?:as|being|since i['’]m|because i['’]m|i['’]m(?: just| only)?|i am(?: just| only)?) an? (?:ai|artificial intelligence|"
    r"(?:large )?language model|llm|chatbot|"
    r"virtual assistant|computer program|machine|robot)\b[^.?!\n]{0,60}?(?:,|\band\b|\bso\b|\bbut\b|;)?[^.?!\n]{0,40}?\bi(?:['’]m| am)? "
    r"(?:can['’]?t|can ?not|am not able|not able|unable|am unable|do not have the (?:ability|capability)|"
    r"don['’]?t have the (?:ability|capability)|lack the|have no (?:ability|way)|"
    r"not allowed|not programmed|won['’]?t|will not)\b",
    r"\b(?:cannot|can['’]?t|can not) be (?:fulfilled|completed|generated|answered|processed|done|performed|"
    r"executed)\b[^.?!\n]{0,30}\b(?:gpt|ai|language)[ -]?(?:\d+ )?(?:language )?model",
    r"\b(?:gpt(?:-?\d)?|ai|language)(?: language)? model (?:is (?:not able|unable)|cannot|can['’]?t|can not|does not have the ability) ?(?:to )?"
    r"(?:perform|complete|fulfil|generate|process|do|execute|provide|answer|access|carry|produce|create|take|play|make|draw)",
    r"\b(?:the|this) (?:ai |gpt )?model (?:is unable to|cannot|can not|can['’]?t) (?:perform|complete|fulfil|generate|process|do|"
    r"execute|provide|answer|produce|create)",
    r"^\W*no ?(?:in|out)put(?: (?:required|needed|given|possible))?\W*$|^\W*no output\W|"
    r"^\W*(?:sorry\W+)?(?:this|the) (?:task |instruction |request )?(?:cannot|can ?not|can['’]?t) be (?:done|completed|"
    r"fulfilled) (?:as|because|since)\b",
    r"\b(?:against|violates?|conflicts? with|not (?:in line|aligned) with) (?:my|our|openai['’]s) (?:\w+ )?(?:programming|guidelines|"
    r"polic\w+|principles|values|ethic\w*|rules|terms)",
    r"\bmy (?:programming|guidelines|training|ethics|ethical guidelines|developers|creators) (?:do(?:es)? not|don['’]?t|doesn['’]?t|"
    r"prohibits?|prevents?|forbids?|won['’]?t) ?(?:allow|permit|let|me)?",
)
OTHERS = (
    # German
    r"\b(?:es tut mir leid|tut mir leid|entschuldigung|leider|bedaure)\b[^.?!\n]{0,60}?\b(?:kann|darf|werde|"
    r"möchte) ich\b[^.?!\n]{0,80}?\b(?:nicht|kein\w*)\b[^.?!\n]{0,60}?"
    r"\b(?:helfen|beantworten|erfüllen|unterstützen|geben|bereitstellen|erstellen|schreiben|weiterhelfen|nachkommen|anbieten|"
    r"behilflich|durchführen)",
    r"\bich (?:kann|darf|werde) (?:dir|ihnen|euch)? ?(?:dabei|damit|hierbei|diese \w+|dieser \w+|"
    r"bei \w+ \w+)? ?(?:leider )?nicht (?:helfen|weiterhelfen|behilflich|beantworten|erfüllen|nachkommen|unterstützen)",
    # French
    r"\b(?:désolée?|je regrette|malheureusement|navrée?)[^.?!\n]{0,60}?\bje ne (?:peux|puis|suis|saurais|vais|pourrai)\b(?: pas)?[^.?!\n]{0,30}?"
    r"(?:aider|répondre|fournir|donner|créer|générer|écrire|satisfaire|assister|capable|en mesure|autorisée?|accéder|effectuer)",
    r"\bje ne (?:peux|puis) pas (?:vous |t['’]|te )?(?:aider|répondre à (?:cette|votre|ta)|fournir|satisfaire)",
    # Spanish
    r"\b(?:lo siento|lo lamento|lamentablemente|disculpa|perdón|me temo)\b[^.?!\n]{0,60}?\bno (?:puedo|podré|soy capaz|me es posible|"
    r"estoy (?:autorizad|capacitad|en condiciones))",
    r"\bno puedo (?:ayudar(?:te|le|os)?|proporcionar|responder a (?:esa|esta|su|tu)|cumplir|asistir(?:te|le)?)\b",
    # Italian
    r"\b(?:mi dispiace|purtroppo|spiacente|mi scuso)\b[^.?!\n]{0,60}?\bnon (?:posso|sono in grado|mi è possibile|sono autorizzat[oa])\b",
    r"\bnon posso (?:aiutar(?:ti|la|vi)|fornir|rispondere a (?:questa|quest)|soddisfare|assister)",
    # Portuguese
    r"\b(?:desculpe|sinto muito|lamento|infelizmente|peço desculpas?)\b[^.?!\n]{0,60}?\bnão (?:posso|consigo|sou capaz|me é possível|"
    r"estou autorizad[oa])\b",
    r"\bnão posso (?:ajudar|ajudá-l[oa]|fornecer|responder a (?:essa|esta)|atender)",
    # Dutch
    r"\b(?:het spijt me|sorry|helaas)\b[^.?!\n]{0,60}?\bik (?:kan|mag|ga|zal)\b[^.?!\n]{0,60}?\b(?:niet|"
    r"geen)\b[^.?!\n]{0,40}?\b(?:helpen|beantwoorden|geven|voldoen|verstrekken|schrijven|uitvoeren)",
    # Polish
    r"\b(?:przykro mi|przepraszam|niestety)\b[^.?!\n]{0,60}?\bnie (?:mogę|jestem w stanie|potrafię)",
    # Russian
    r"(?:извини|прости|к сожалению|сожалею|мне жаль)[^.?!\n]{0,60}?я не (?:могу|в состоянии|имею возможности|буду)",
    r"я не могу (?:вам |тебе )?(?:помочь|ответить на (?:этот|ваш)|предоставить|выполнить|обсуждать)",
    # Chinese
    r"(?:抱歉|对不起|對不起|很遗憾|不好意思)[^。！？\n]{0,30}?(?:我|作为|作為|本)[^。！？\n]{0,30}?(?:不能|无法|無法|不会|不可以|没有办法|不便)[^。！？\n]{0,12}?"
    r"(?:回答|提供|帮|幫|协助|满足|执行|生成|完成|访问|给您|给你|支持|处理|浏览|讨论|预测|这样做|做到|创建|撰写|透露|评论|理解|查看|参与)",
    r"^\W*我(?:不能|无法|無法|没有能力|不会)(?:为您|为你|帮助|回答|提供|满足|协助|执行|生成|完成|访问|给出|给您|支持|处理|浏览|讨论|預測|预测)",
    r"GPT\s?(?:语言)?模型(?:无法|不能)(?:完成|执行|生成|回答)",
    r"(?:作为|作為|我是)(?:一个|一個|一名)?\s?(?:AI|人工智能|人工智慧|语言模型|語言模型)[^。！？\n]{0,40}?(?:不能|无法|無法|没有能力|不具备)",
    # Japanese
    r"(?:申し訳|すみません|ごめんなさい|恐れ入り|残念ながら)[^。！？\n]{0,60}?(?:できません|できかねます|お答えできない|いたしかねます|お手伝いできない|出来ません)",
    # Korean
    r"(?:죄송|미안|유감)[^.?!\n]{0,60}?(?:할 수 없|드릴 수 없|도와드릴 수|제공할 수 없|불가능|어렵습니다)",
)
DISCLAIMERS = (
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model|llm\b|chatbot|virtual assistant)\b[^.?!\n]{0,60}?\b(?:i|my)\b",
    r"\bas an? (?:ai language model|ai assistant|large language model|language model)\b",
    r"\bi['’]?(?:m| am) (?:just |only |merely |simply )?an? (?:ai\b|artificial intelligence|(?:large )?language model|"
    r"computer program|machine learning)",
    r"\bmy (?:knowledge cut-?off|training data)\b",
    r"\bi was (?:trained|created|developed|made) by (?:openai|anthropic|google|meta|deepmind)\b",
    r"\bit(?:['’]s| is) (?:not|never|neither) (?:ethical|appropriate|acceptable|okay|respectful|right|"
    r"morally right) (?:for me )?to (?:make|use|discuss|ask|assume|judge|stereotyp|promote|encourage|discriminat|generali|suggest|"
    r"joke|insult)",
    r"\bit(?:['’]s| is) (?:important|crucial|essential) to (?:remember|note|recognize|understand|"
    r"treat)\b[^.?!\n]{0,80}\b(?:respect\w*|ethical\w*|illegal|harmful|offensive|stereotyp\w*|discriminat\w*)",
    r"\bi (?:strongly )?(?:urge|advise|encourage) (?:you )?(?:not to|against|to refrain|to seek professional)\b",
    r"\bals (?:ki|künstliche intelligenz|sprachmodell)\b", r"\ben tant qu['’](?:ia|intelligence artificielle|modèle de langage)",
    r"\bcomo (?:una? )?(?:ia\b|inteligencia artificial|modelo de (?:lenguaje|linguagem))", r"\bcome (?:un['’]?)?(?:ia\b|"
    r"intelligenza artificiale|modello linguistico)",
    r"作为(?:一个|一名)?\s?(?:AI|人工智能|语言模型)", r"как (?:ии|искусственный интеллект|языковая модель)", r"(?:AI|人工知能|言語モデル)として",
)  # fmt: skip
