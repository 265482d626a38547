"""A bare number and the words around it in, the label that they decide out."""

# ruff: noqa: RUF001

import re

from harness.claims.label_kinds import LabelKind
from harness.claims.label_programs import names_version
from harness.claims.label_shapes import is_year
from harness.claims.quantity import Quantity

_PLACES = re.compile(
    r"(?:\b(?:lines?|pages?|chapters?|ch\.?|sections?|sec\.|figures?|fig\.|listings?|tables?|"
    r"steps?|"
    r"appendix|parts?|volumes?|questions?|examples?|items?|rules?|rows?|columns?|col|"
    r"nos?\.|number|numbered|issues?|pull|PRs?|bug|pp?\.|authors?|receipts?|constraints?|"
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
_PLURAL = re.compile(r"[A-Za-z'’-]*[^\Ws]s(?!\w)")
_SECOND = re.compile(r"\s[A-Za-z'’-]+\s([A-Za-z'’-]+)")
_MEASURING_TEXT = (
    "node core byte bit step stage way year month week day hour line person people machine star "
    "dollar percent points of times more or to in for out gas wei data and MB GB KB TB"
)
_MEASURING = frozenset(_MEASURING_TEXT.split())
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
_SCORE_NEAR = re.compile(r"\b(?:scores?d?|won|wins|beats?|lost|tie[ds]?|draw)\b", re.IGNORECASE)
_ENUMERATED = re.compile(
    r"[\s:;,.(](?:\(\d{1,2}\)|\[\d{1,3}\])(?!\()|(?:\(\d{1,2}\)|\[\d{1,3}\])\s"
)
_LINKED_COUNT = re.compile(r"\]\s[a-z'’-]*[^\Ws]s(?!\w)")
_STANDARD = re.compile(r"\b[A-Z]{2,6}\s\Z")
_DASHED = re.compile(r"[-–](?=\d)")
_NUMBERED = re.compile(r"\(\d{1,2}[-–]\d{1,2}\)")
_PAGES = re.compile(r"\d\(\d{1,3}\):\s?\Z")


def context_label(
    text: str, start: int, match: re.Match[str], quantity: Quantity, noun: str
) -> LabelKind | None:
    """What the words before a bare number decide."""
    before = text[max(0, start - 32) : start]
    digits = match[0]
    if digits[0] == "0" and len(digits) > 1 and digits.isdigit():
        return LabelKind.NAME
    if quantity.sign in ("+", "±") or quantity.comparison.strip() in ("~", "≈"):
        return None
    if quantity.comparison and "." not in digits:
        return LabelKind.VERSION if names_version(before, digits, noun) else None
    if names_version(before, digits, noun):
        return LabelKind.VERSION
    capital = CAPITAL.search(before)
    if is_year(digits) and (capital or not (noun and noun.endswith("s") and noun.islower())):
        return LabelKind.DATE
    if _OLD_AS.search(before) or (len(digits) < 5 and not noun and _NEW_IN.search(before)):
        return LabelKind.VERSION
    if _PLACES.search(before):
        return LabelKind.PLACE
    if _CODES.search(before) or (
        digits.isdigit() and _PORT.search(text, max(0, start - 60), start)
    ):
        return LabelKind.CODE
    if digits.isdigit() and _is_named(text, before, match.end(), noun):
        return LabelKind.PLACE
    if _opens_item(text, start, match.end()):
        return LabelKind.PLACE
    if _LINKED_COUNT.match(text, match.end()) or before.endswith(": ["):
        return None
    if _SPELLED.search(before) or _SCALED.match(text, match.end()):
        return None
    if _ENUMERATED.match(text, max(0, match.start() - 2)) or (
        match.start() == 1 and _ENUMERATED.match(text, 0)
    ):
        return LabelKind.PLACE
    if _is_dashed(text, start, match.end()):
        near = text[max(0, start - 30) : match.end() + 12]
        if _NUMBERED.match(text, max(0, start - 1)) or _PAGES.search(text, 0, start):
            return LabelKind.PLACE
        if _SCORE_NEAR.search(near):
            return LabelKind.SCORE
        return LabelKind.NAME if not noun and _STANDARD.search(before) else None
    if "." in digits and (
        noun in _RELEASED
        or _AGED.match(text, match.end())
        or before.lower().endswith(("release: ", "releases: "))
    ):
        return LabelKind.VERSION
    if "." in digits and not noun and before.endswith("\ufffc "):
        return LabelKind.VERSION
    if (
        "." in digits
        and (
            not _LEADING_ZERO.search(digits)
            or _AGED.match(text, match.end())
            or (capital and _BRAND.fullmatch(capital[1]))
        )
        and (_VERSIONED.search(before) or _NEW.search(before) or capital)
    ):
        is_named = not noun or noun[0].isupper() or noun in _OF_A_VERSION
        return LabelKind.VERSION if is_named or capital else None
    is_version = noun in _OF_A_VERSION
    if capital is None:
        return None
    if opens_sentence(before, capital):
        is_titled = digits.isdigit() and len(digits) < 3 and _TITLED.match(text, match.end())
        return LabelKind.NAME if is_titled and capital[1] not in COUNTING else None
    if is_version or not noun or (digits.isdigit() and is_no_count(text, match.end(), noun)):
        return LabelKind.NAME
    return None


_TITLED = re.compile(r"[:—–]|\s[-—–]\s|\s?\Z")
COUNTING_TEXT = (
    "Total Max Min Maximum Minimum Default About Over Only Around Nearly Exactly Sum Average Mean "
    "Median Count Scale Under Below Above Least Most Up To Of At By Yes No And Or"
)
COUNTING = frozenset(COUNTING_TEXT.split())


_ITEM = re.compile(r"[.)](?:\s|\Z)|:\s|[.、．][^\W\d_a-zA-Z]")
_OPENING = re.compile(r"(?:\[[ xX]\])?[^\w$€£%+−-]*\Z")


def _opens_item(text: str, start: int, end: int) -> bool:
    """`3. Then`, `3) then` or `3: closed` opens the passage, or the first of these a line."""
    after = text[end : end + 3]
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
            _PLURAL.fullmatch(noun_after[1])
        )
    if _CITED.search(before) and _CITED_END.match(text, end):
        return True
    return _NAMED.search(before) is not None and (not noun or is_no_count(text, end, noun))


def is_no_count(text: str, end: int, noun: str) -> bool:
    """Neither of the two words that follow is a plural, and the first is no measure."""
    if noun in _VERBS or _TOUCHES.match(text, end):
        return True
    if noun in _MEASURING or _PLURAL.fullmatch(noun) or _SCALED.match(text, end):
        return False
    second = _SECOND.match(text, end)
    return second is None or _PLURAL.fullmatch(second[1]) is None


_VERBS_TEXT = (
    "is was has had does gets goes makes takes gives needs uses requires supports adds removes "
    "saves sends receives returns opens closes reads writes runs starts stops ends becomes comes "
    "contains includes introduces brings works fails passes shows says sees sets calls knows "
    "defines describes specifies allows creates deletes updates drops leaves wants tries holds "
    "keeps appears enters reaches formalizes moves changes covers "
    "follows continues checks tracks stores waits joins ships"
)
_TOUCHES = re.compile(
    r"\s[a-z]+s\s(?:the|a|an|its|their|our|this|that|it|all|you|your|several|some|many|how|what)\s"
)
"""A verb has an object after it: "Vite 8 touches the core"."""
_VERBS = frozenset(_VERBS_TEXT.split())
_SCALED = re.compile(
    r"\s?(?:[BM]illions?|[个台次种条秒万亿千百天年月小分核倍名]|개|명|milli|млн|тыс|миллион|میلیون|مليون|मिलियन|هزار)"
)
_SPELLED = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|"
    r"fifty|sixty|ninety|hundred)\s\(\Z",
    re.IGNORECASE,
)


def _is_dashed(text: str, start: int, end: int) -> bool:
    """A bare pair `3-1`, without unit: not a range of anything."""
    after = _DASHED.match(text, end)
    return after is not None or (
        text[start - 1 : start] in ("-", "–") and text[start - 2 : start - 1].isdigit()
    )


def opens_sentence(before: str, capital: re.Match[str]) -> bool:
    """The capital is only the sentence's first letter."""
    head = before[: capital.start(1)].rstrip()
    name = capital[1]
    return (not head or head[-1] in ".:;!?|") and name.isalpha() and name[1:].islower()
