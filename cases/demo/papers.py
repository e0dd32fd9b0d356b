"""Acts of the demonstration that need a file, or more than a case, a user and a day."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from cases import workflow
from cases.choices import DocumentKind, LetterKind, Signers, SignOffKind
from cases.models import Case, User
from cases.workflow import WantedStep

CHAIN = (
    WantedStep(SignOffKind.SECTION, Signers.HANDS),
    WantedStep(SignOffKind.LEGAL, Signers.HEADS),
    WantedStep(SignOffKind.SECRECY, Signers.HEADS),
    WantedStep(SignOffKind.LEADER, Signers.SUPERVISORS),
)


def ask_for_sign_off(case: Case, *, by: User, today: date) -> Case:
    """From now on the replies of the organ pass all four steps."""
    workflow.set_chain(case.department, by=by, steps=CHAIN)
    return case


def write_letter(case: Case, *, by: User, today: date, kind: LetterKind, number: str = "") -> Case:
    """A letter of `today`; only slips that go with a paper have no number."""
    letter = workflow.make_letter(
        case, by=by, today=today, kind=kind, dated_on=today, number=number
    )
    return letter.case


def make_reply(case: Case, *, by: User, today: date) -> Case:
    """The letter of the reply that is on record."""
    letter = workflow.make_letter(
        case,
        by=by,
        today=today,
        kind=LetterKind.REPLY,
        dated_on=case.closed_on,
        outcome=case.outcome,
        number=case.reply_number,
    )
    return letter.case


def keep_scan(case: Case, *, by: User, today: date, kind: DocumentKind, name: str) -> Case:
    return workflow.keep_document(case, by=by, today=today, kind=kind, upload=scan(name)).case


def seal_reply(case: Case, *, by: User, today: date) -> Case:
    """The scan of the sealed reply takes the place of the file that was made."""
    made = case.letters.get(kind=LetterKind.REPLY).document
    name, kind = "答复书（盖章扫描件）", DocumentKind.LETTER
    kept = workflow.keep_document(
        case, by=by, today=today, kind=kind, upload=scan(name), supersedes=made
    )
    return kept.case


def scan(name: str) -> SimpleUploadedFile:
    """A page of PDF that says what it would be a scan of."""
    return SimpleUploadedFile(f"{name}.pdf", page_of(f"{name}，演示用，内容从略"))


def page_of(words: str) -> bytes:
    """One page of A4 with `words` in a font for Chinese that every reader of PDF brings along."""
    text = words.encode("utf-16-be").hex()
    drawn = f"60 60 475 722 re S BT /F 16 Tf 90 700 Td <{text}> Tj ET"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
        "/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]"
        "/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    )
    page, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(page))
        page += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size, start = len(objects) + 1, len(page)
    page += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    page += f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    return page.encode("ascii")
