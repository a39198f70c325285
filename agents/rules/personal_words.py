"""What people call the kinds of personal data and secrets, and what no operator finds."""

import re

GENERAL = re.compile(
    r"\bpii\b|\bpersonal(?:ly)?[ -](?:identif\w+ )?(?:data|information|details|info)\b|\bprivate (?:data|information|"
    r"details)\b|\bsensitive (?:personal )?(?:data|information)\b|\bcontact (?:data|details|information)\b|\banonymi[sz]\w+|"
    r"\bpseudonymi[sz]\w+|\bde-?identif\w+|\bgdpr\b|"
    r"\bidentif\w+ (?:a |any |individual |real )?(?:persons?|people|individuals?|someone|anyone)\b"
)
KINDS = {
    "email": r"\be-?mails?(?:[ -]address(?:es)?)?\b|\bmail address(?:es)?\b",
    "phone": r"\b(?:tele)?phone(?:[ -]numbers?|s)?\b|\b(?:mobile|fax|cell) numbers?\b",
    "card": r"\b(?:credit|debit|payment|bank)[ -]?cards?(?:[ -]numbers?)?\b|\bcard numbers?\b",
    "iban": r"\bibans?\b|\bbank account(?: number)?s?\b|\baccount numbers?\b",
    "ip": r"\bip(?:v[46])?(?:[ -]address(?:es)?|s)?\b",
    "mac": r"\bmac[ -]addresses\b|\bmac[ -]address\b|\bhardware addresses\b",
    "us_ssn": r"\bssns?\b|\b(?:us )?social security(?: numbers?)?\b",
    "national_id": r"\b(?:national|personal|government|citizen)[ -]id(?:s|entity|entification)?(?: cards?)?(?: numbers?)?\b|"
    r"\bidentity (?:card )?numbers?\b|\bid (?:card )?numbers\b|\btax (?:id|identification|payer)(?: number)?s?\b|\btax numbers?\b",
    "uk_nino": r"\bnational insurance(?: numbers?)?\b|\bninos?\b",
    "uk_nhs": r"\bnhs numbers?\b",
    "de_tax_id": r"\bsteuer-?ids?\b|\bsteueridentifikationsnummern?\b",
    "es_dni": r"\bdnis?\b|\bnies?\b(?= |$|,)",
    "it_codice_fiscale": r"\bcodic[ei] fiscal[ei]\b",
    "nl_bsn": r"\bbsns?\b|\bburgerservicenummers?\b",
    "br_cpf": r"\bcpfs?\b",
    "in_aadhaar": r"\baadh?aa?rs?(?: numbers?)?\b",
    "in_pan": r"\bpan (?:card )?numbers?\b",
    "cn_id": r"\bchinese (?:resident |national )?id\w*(?: numbers?)?\b",
    "ca_sin": r"\bsocial insurance numbers?\b",
    "passport": r"\bpassports?(?: numbers?)?\b",
    "driver_licence": r"\bdriv(?:er'?s?|ing) licen[cs]es?(?: numbers?)?\b",
    "birth_date": r"\b(?:dates? of birth|birth ?dates?|birth ?days?|dobs?)\b",
    "wallet": r"\b(?:crypto\w*|bitcoin|btc|eth(?:ereum)?)[ -](?:wallets?|addresses)(?: addresses)?\b|\bwallet addresses\b",
    "secret": r"\b(?:api|access|secret|private|ssh|aws|auth\w*|bearer|encryption|openai|github|stripe)[ -]?(?:access )?(?:keys?|tokens?)\b|"
    r"\bsecrets\b|\bpasswords?\b|\bcredentials\b|\b(?:log-?in|access) tokens\b|\bkeys and tokens\b|\bleaked (?:keys|tokens)\b|\bpassphrases?\b",
}
UNKNOWN = {
    "names of people": r"\b(?:person(?:al)? |people'?s? |first |last |full )?names\b(?! of (?!people|persons|customers|users|clients|the people|"
    r"employees|patients))",
    "postal addresses": r"\b(?:postal|street|home|mailing) addresses\b",
}
MASKS = re.compile(
    r"\b(?:mask|redact|anonymi[sz]e|pseudonymi[sz]e|replac\w+|hide|scrub|remove|strip|delete|blank out|black out|censor|"
    r"substitute|obfuscate|obscure|take out|get rid of|de-?identify|clean|cut|x out|swap|safe|free of|no|without|"
    r"put|write|hash|tokeni[sz]e|wipe|blur|out of|compliant)\w*"
)
FORBIDS = re.compile(
    r"(?:\bnot|\bnever|n't|\bcannot)\s+(?:be\s+)?(?:allow\w*|accept\w*|tolerat\w+|permit\w*|want|contain\w*|include|hold|"
    r"have|show|leak|store|keep|carry|appear|be in|be visible)\b|"
    r"\b(?:forbid|prohibit|ban|object to|worr(?:y|ied) about|illegal|confidential)\w*\b"
)
LACKS = re.compile(r"\b(?:free (?:of|from)|clean of|clear of|devoid of|lack\w*)\b")
SPARED = re.compile(r"\b(?:except(?: for)?|but (?:not|keep|leave)|apart from|other than|all but|(?:leave|leaving)(?! out\b)|let)\b(?: the| all)*")
ALIKE = re.compile(
    r"\bpseudonymi[sz]\w*|\bconsistent\w*|\bsame (?:\w+ )?(?:value|address|number|person|placeholder|e-?mail|pseudonym)\w*\b|\bpseudonyms?\b|"
    r"\bnumbered\b|\bnumber them\b"
)
EVERYWHERE = re.compile(
    r"\b(?:across|throughout|in all|between|over all|among)\b[^.;]{0,20}\b(?:documents?|docs?|rows?|texts?|records?|files?|data ?set|corpus|data)\b"
)
HASHED = re.compile(r"\bhash(?:ed|es|ing)?\b(?! (?:sign|mark)s?\b)")
LIKE = re.compile(
    r"\b(?:realistic|fake|made[- ]up|synthetic|invented|dummy|surrogates?|look-?alikes?|plausible)\b|"
    r"\b(?:format|form|shape)[- ]preserving\b|\b(?:keep\w*|same|preserv\w+) (?:the |their )?(?:form(?:at)?|shape|length)s?\b"
)
