"""Words by which the ends of sentences are told: abbreviations, and what follows them."""

_TITLES = (
    "mr mrs ms mx dr prof rev fr sr sra gen sen rep gov pres capt cpt lt maj col sgt cpl adm cmdr hon st mt messrs mme mlle hr frau herr dipl ing "
)
_INSIDE = (
    "e.g i.e eg ie cf vs viz approx ca resp incl excl esp z.b d.h u.a o.ä bzw ggf vgl sog usf evtl bzgl inkl zzgl u.u z.t s.o s.u p.ex par.ex "
    "al a.k.a w.r.t i.a u.s.w d.i "
)
_BEFORE_NUMBER = (
    "no nos nr vol vols p pp pg fig figs eq eqs sec secs ch chap art arts abs abb tab ed eds bd kap ref refs ex jan feb mar apr jun jul aug sep "
    "sept oct nov dec "
)
_ENDS_EITHER_WAY = "etc inc ltd corp co bros jr dept univ est ave blvd rd ph.d m.d b.a m.a b.sc m.sc b.c a.d usw"
_STARTERS = (
    "the a an this that these those he she it they we you i his her its their our my in on at but and so however then when if after before "
    "there here what who why how as for with no yes der die das ein eine er sie es wir ich "
)
_MONTHS = "januar februar märz april mai juni juli august september oktober november dezember jahrhundert jahrhunderts jahrhunderte weltkrieg klasse"
_TIMES = "a.m p.m"
_AFTER_TIMES = (
    "mr mrs ms dr prof est edt cst cdt mst mdt pst pdt gmt utc cet cest bst eastern pacific central mountain monday tuesday wednesday thursday "
    "friday saturday sunday "
)

TITLES = frozenset(_TITLES.split())  # before a name
INSIDE = frozenset(_INSIDE.split())  # before more of the sentence
BEFORE_NUMBER = frozenset(_BEFORE_NUMBER.split())  # abbreviations before a number; else they are words, or end the sentence
ENDS_EITHER_WAY = frozenset(_ENDS_EITHER_WAY.split())  # abbreviations that may end a sentence: what follows decides
STARTERS = frozenset(_STARTERS.split())  # words that begin a sentence more often than they follow an abbreviation
MONTHS = frozenset(_MONTHS.split())  # behind a German ordinal
TIMES = frozenset(_TIMES.split())
AFTER_TIMES = frozenset(_AFTER_TIMES.split())  # what may follow a time of day within the sentence
ABBREVIATIONS = TITLES | INSIDE | BEFORE_NUMBER | ENDS_EITHER_WAY | TIMES
