"""A bare number and the words around it in, the label that they decide out."""

# ruff: noqa: RUF001

import re

from harness.claims.label_counts import PLURAL, SCALED, is_no_count
from harness.claims.label_kinds import LabelKind
from harness.claims.label_pairs import dashed_label, is_dashed
from harness.claims.label_programs import names_version
from harness.claims.label_shapes import is_year
from harness.claims.quantity import Quantity
from harness.model.values import dataclass

_PLACES = re.compile(
    r"(?:\b(?:lines?|pages?|chapters?|ch\.?|sections?|sec\.|figures?|fig\.|listings?|tables?|"
    r"steps?|"
    r"appendix|parts?|volumes?|questions?|examples?|items?|rules?|rows?|columns?|col|"
    r"nos?\.|number|bullets?|topics?|numbered|issues?|pull|PRs?|bug|pp?\.|authors?|receipts?|constraints?|"
    r"vectors?|ticket|footnotes?|exercises?|lessons?|milestone|"
    r"slides?|paragraphs?|clauses?|articles?|principle|option|note|cases?|week|day|sprints?|Q&A|"
    r"commit|revision|rev\.?|build|draft|phases?|stages?|tiers?|levels?|rounds?|layers?|"
    r"options?|variants?|verses?|copy|mo)"
    r"\s?\(?(?:[#№]\s?)?|(?<![CF])[#№§]\s?)\Z",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:stor(?:y|ies)|scenarios?|messages?|problems?|workflows?|posts?|regions?|approach(?:es)?|"
    r"solutions?|alternatives?|mark|styles?|proposals?|requirements?|propert(?:y|ies)|theorems?|"
    r"lemmas?|definitions?|equations?|eq\.|experiments?|iterations?|generation|entry|epoch|slot|"
    r"shard|partition|node|server|replica|peer|client|device|channel|thread|worker|process|group|"
    r"category|class|mode|method|scheme|algorithm|goal|policy|pattern|trial|attempt|player|party|"
    r"point|objectives?|tasks?|tests?|strateg(?:y|ies)|points|claims?|axioms?|propositions?|"
    r"corollar(?:y|ies)|remarks?|panels?|notes?|refs?\.?|references?|annex|schedule|grade|team|"
    r"activity|round|branch|block|chunk|page|repeat|domain|zone|user|account|path|cell|field|"
    r"column|bit|byte|set|position|register|priority|severity|class|chain|network|epic|act|scene|"
    r"season|episode|room|floor|gate|line|route|highway|model|sample|participant|patient|"
    r"subject|dimension|axis|state|track|area|profile|format|plan|schema|KEP|OTEP|SEP|TIP|NEP|"
    r"feature|header|heading|transaction|preview|beta|alpha|rc|play|tip|trap|myth|pillar|"
    r"principle|practice|exercises?|challenge|"
    r"frames?|files?|buckets?|flags?|errat(?:um|a)|locations?|traces?|limitations?|discussions?|scenes?|"
    r"lectures?|puzzle|quiz|lab|lecture|"
    r"module|unit|homework|assignment|project|book|chapter|session|talk|"
    r"video|episode|hierarchy|category|type|kind|class|form|schedule|exhibit|appendix|wave|"
    r"capítulo|chapitre|kapitel|capitolo|глава|rozdział|hoofdstuk|artikel|artículo|étape|schritt|"
    r"paso|passo|шаг|krok|stap|단계|ステップ|步骤|阶段|方案|策略|章节|aula|lección|leçon|bölüm|página|"
    r"seite|semana|semaine|woche|неделя|settimana|parte|partie|teil|часть|część|deel|"
    r"figura|abbildung|рис\.|tabla|tabela|tableau|tabelle)"
    r"\s\(?\Z",
    re.IGNORECASE,
)
_CITED = re.compile(
    r"\b(?:see|(?:described|defined|shown|listed|mentioned|given|discussed|outlined|as) in|"
    r"similar to|"
    r"according to|repeat)\s\Z",
    re.IGNORECASE,
)
_CITED_END = re.compile(r"(?:[-–]\d{1,2}|\s?&\s\d{1,2})?(?:[.,:;)]?\s|[.,:;)]?\Z| as needed)")
_NEW = re.compile(
    r"(?:^|\s)(?:post|pre|reach|reaches|spec|specification|turned|try|tried|new|hit|reached|old|upcoming)[\s-]\Z"
)
_CODES = re.compile(
    r"\b(?:error|errno|exit|code|codes|status|port|ports|signal|opcode|HTTP|return code|"
    r"RFCs?|ISO|IEEE|EIP|ERC|BIP|PEP|FIPS|CVE|CWE|ASCII|UTF|ANSI|POSIX|ECMA|DIN|type|"
    r"address|index|seed|key|id|ID|pid|PID|U\+|gRPC|TCP|UDP|HTTPS|SSH|SMTP|IMAP|"
    r"(?:exit|status|error|return) codes? (?:is|was|of)|ports? (?:is|are|was|to|of|number|"
    r"set to|is set to))"
    r"(?:\s?:?\s?|\s\()\Z"
)
_VERSIONED = re.compile(
    r"\b(?:versions?|ver\.?|v|rustc?|MSRV|edition|editions|release|releases|since|before|after|"
    r"until|"
    r"cargo|python|node|java|go|php|ruby|perl|clang|gcc|llvm|cmake|linux|macos|android|ios|"
    r"windows|net|unicode|openssl|tls|ssl|http|glibc|musl|api|kernel|toolchain|crate|requires?|"
    r"from|in|with|to|and|or|than|using|use|at|,|of|through|for|is|as|a|the|on|supports?|\^|>=|="
    r"|>|<|~|≥)\s?[\"“'(\[]?v?\Z",
    re.IGNORECASE,
)
_NEW_IN = re.compile(
    r"\b(?:new|added|introduced|deprecated|removed|changed|fixed) in\s\Z", re.IGNORECASE
)
_PORT = re.compile(
    r"\bports?(?:\s(?!for\b|to\b|of\b|and\b)[a-z]+)?(?:\s(?:for|of)\s[\w ]{2,30})?\s?"
    r"(?:\sis|\sto|\sbefore|\sforward|:|=|,)\s\Z"
)
"""`the default port for the API is 80`."""
_OLD_AS = re.compile(
    r"\b(?:versions?|MSRV)(?::\s|\s=\s|\s(?:is|was|of):?\s(?:now\s|currently\s)?|\s)\Z|"
    r"\bversions?\s\W?e\.g\.,?\s\Z|"
    r"\bversion[a-z -]{0,16}\s\(\Z|"
    r"\bversions?\sof\s[\w.+-]+(?:\s[\w.+-]+)?\s(?:is|was)\s\Z|"
    r"\b(?:versão|versión|versione|versiya|верси[яию]|wersj[aię]|versie|sürüm)\s\Z|"
    r"\bversions?\s(?:as (?:old|early|late) as|up to|from|before|after|prior to|older than|"
    r"newer than|at least|below|above)\s\Z|"
    r"\bversions?\s(?:is\s|are\s)?(?:less|greater|lower|higher|older|newer)\sthan\s\Z",
    re.IGNORECASE,
)
_OF_A_VERSION = frozenset(
    [
        "mode",
        "compiler",
        "edition",
        "standard",
        "release",
        "version",
        "branch",
        "linker",
        "toolchain",
        "series",
    ]
)
_RELEASED = frozenset(("release", "version", "branch", "milestone", "toolchain"))
CAPITAL = re.compile(
    r"(?:^|[\s(\[/\"'“,;—–-])(\.?[A-Z][\w.+#-]*|[a-z]+\d[\w.-]*|[a-z]+[A-Z]\w*)\s\Z"
)
_LEADING_ZERO = re.compile(r"\.0\d")
_BRAND = re.compile(r"[A-Z]+[a-z]+[A-Z]\w*|[A-Z]{1,2}[A-Z][a-z]+\w*")
_AGED = re.compile(r"\s(?:LTS|GA|Beta|Alpha|RC\d?|EOL)\b")
_ENUMERATED = re.compile(
    r"[\s:;,.(](?:\(\d{1,2}\)|\[\d{1,3}\])(?!\()|(?:\(\d{1,2}\)|\[\d{1,3}\])\s"
)
_CITED_APART = re.compile(r"\[\s\d{1,3}\s?\](?!\()")
_LINKED_COUNT = re.compile(r"\]\s[a-z'’-]*[^\Ws]s(?!\w)")
_SPELLED = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|"
    r"fifty|sixty|ninety|hundred)\s\(\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Bare:
    """A bare number in its passage, and the words around it."""

    text: str
    start: int
    """Of the quantity; its sign counts."""
    end: int
    """Of the digits."""
    digits: str
    noun: str
    """The word after it."""
    before: str
    """The characters before it that decide."""
    capital: re.Match[str] | None
    """The name before it."""

    @property
    def is_whole(self) -> bool:
        """No point, comma or stroke is in it."""
        return self.digits.isdigit()


def context_label(
    text: str, start: int, match: re.Match[str], quantity: Quantity, noun: str
) -> LabelKind | None:
    """What the words around a bare number decide; None where it states something.

    The rules go by order: the first that knows the words decides, for a label or against one.
    """
    before, digits = text[max(0, start - 32) : start], match[0]
    bare = _Bare(text, start, match.end(), digits, noun, before, CAPITAL.search(before))
    if digits[0] == "0" and len(digits) > 1 and bare.is_whole:
        return LabelKind.NAME
    if quantity.sign in ("+", "±") or quantity.comparison.strip() in ("~", "≈"):
        return None
    if names_version(before, digits, noun):
        return LabelKind.VERSION
    if quantity.comparison and "." not in digits:
        return None
    label = _introduced(bare)
    if label is not None or _is_counted(bare):
        return label
    if _is_enumerated(bare, match.start()):
        return LabelKind.PLACE
    if is_dashed(text, start, bare.end):
        return dashed_label(text, start, bare.end, noun)
    if "." in digits and _is_released(bare):
        return LabelKind.VERSION
    if "." in digits and _may_be_version(bare):
        is_named = not noun or noun[0].isupper() or noun in _OF_A_VERSION
        return LabelKind.VERSION if is_named or bare.capital else None
    return _named(bare)


def _introduced(bare: _Bare) -> LabelKind | None:
    """A year, or what a word before says: a version, a place, a code, an item's number."""
    noun = bare.noun
    counts = noun and noun.endswith("s") and noun.islower()
    if is_year(bare.digits) and (bare.capital or not counts):
        return LabelKind.DATE
    is_new = len(bare.digits) < 5 and not noun and _NEW_IN.search(bare.before)
    if is_new or _OLD_AS.search(bare.before):
        return LabelKind.VERSION
    if _PLACES.search(bare.before):
        return LabelKind.PLACE
    is_port = bare.is_whole and _PORT.search(bare.text, max(0, bare.start - 60), bare.start)
    if is_port or _CODES.search(bare.before):
        return LabelKind.CODE
    is_item = bare.is_whole and _is_named(bare.text, bare.before, bare.end, noun)
    if is_item or _opens_item(bare.text, bare.start, bare.end):
        return LabelKind.PLACE
    return None


def _is_counted(bare: _Bare) -> bool:
    """A link's text that counts, "three (3", or a number with a word for its scale."""
    return bool(
        _LINKED_COUNT.match(bare.text, bare.end)
        or bare.before.endswith(": [")
        or _SPELLED.search(bare.before)
        or SCALED.match(bare.text, bare.end)
    )


def _is_enumerated(bare: _Bare, at: int) -> bool:
    """`(1)` or `[1]` among words, its digits `at` a position, or at the passage's beginning."""
    if _CITED_APART.match(bare.text, max(0, at - 2)) and bare.is_whole:
        return True
    if _ENUMERATED.match(bare.text, max(0, at - 2)):
        return True
    return at == 1 and _ENUMERATED.match(bare.text, 0) is not None


def _is_released(bare: _Bare) -> bool:
    """A decimal beside "release", "LTS" or the like, or alone after something in code."""
    if bare.noun in _RELEASED or _AGED.match(bare.text, bare.end):
        return True
    if bare.before.lower().endswith(("release: ", "releases: ")):
        return True
    return not bare.noun and bare.before.endswith("\ufffc ")


def _may_be_version(bare: _Bare) -> bool:
    """A decimal after a name, or after a word that versions stand after; `1.05` only of a brand."""
    if not (bare.capital or _VERSIONED.search(bare.before) or _NEW.search(bare.before)):
        return False
    if not _LEADING_ZERO.search(bare.digits) or _AGED.match(bare.text, bare.end):
        return True
    return bare.capital is not None and _BRAND.fullmatch(bare.capital[1]) is not None


def _named(bare: _Bare) -> LabelKind | None:
    """A name where it follows one, unless that only opens a sentence or the number counts."""
    if bare.capital is None:
        return None
    if opens_sentence(bare.before, bare.capital):
        is_short = bare.is_whole and len(bare.digits) < 3
        is_titled = is_short and _TITLED.match(bare.text, bare.end)
        return LabelKind.NAME if is_titled and bare.capital[1] not in COUNTING else None
    if not bare.noun or bare.noun in _OF_A_VERSION:
        return LabelKind.NAME
    return LabelKind.NAME if bare.is_whole and is_no_count(bare.text, bare.end, bare.noun) else None


_TITLED = re.compile(r"[:—–]|\s[-—–]\s|\s?\Z")
COUNTING_TEXT = (
    "Total Max Min Maximum Minimum Default About Over Only Around Nearly Exactly Sum Average Mean "
    "Median Count Scale Top Under Below Above Least Most Up To Of At By Yes No And Or"
)
COUNTING = frozenset(COUNTING_TEXT.split())


_ITEM = re.compile(r"[.)](?:\s|\Z)|:\s|[.、．][^\W\d_a-zA-Z]|\.[A-Z][a-z]")
_OPENING = re.compile(r"(?:\[[ xX]\])?[^\w$€£%+−-]*\Z")


def _opens_item(text: str, start: int, end: int) -> bool:
    """`3. Then`, `3) then` or `3: closed` opens the passage, or the first of these a line."""
    after = text[end : end + 3]
    if after.startswith(".,") and end - start < 3:
        return True
    if start < 8 and _ITEM.match(after) and _OPENING.match(text[:start]):
        return True
    return (
        end - start < 3
        and text[start - 1 : start] == "\n"
        and bool(re.match(r"[.)]\s[A-Za-z\uFFFC]", after))
    )


def _is_named(text: str, before: str, end: int, noun: str) -> bool:
    """A word that names one of many stands before, and what follows is not counted."""
    if text[end : end + 1] == "]" and before.endswith("["):
        if before.endswith(": ["):
            return bool(_PLACES.search(before[:-3] + " ") or _CODES.search(before[:-3] + " "))
        return not (noun_after := re.match(r"\]\s+([a-z]+)", text[end : end + 24])) or not (
            PLURAL.fullmatch(noun_after[1])
        )
    if _CITED.search(before) and _CITED_END.match(text, end):
        return True
    return _NAMED.search(before) is not None and (not noun or is_no_count(text, end, noun))


def opens_sentence(before: str, capital: re.Match[str]) -> bool:
    """The capital is only the sentence's first letter."""
    head = before[: capital.start(1)].rstrip()
    name = capital[1]
    return (not head or head[-1] in ".:;!?|") and name.isalpha() and name[1:].islower()
