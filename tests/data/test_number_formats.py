"""What number formats show: sections, conditions, currencies, dates with words of their own."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.number_format import BUILT_IN, parse_number_format
from data.files.shown_values import UNCLEAR, loses_digits, show_cell

DAY = datetime(2013, 9, 30)


@pytest.mark.parametrize(
    ("code", "cell", "shown"),
    [
        ("General", 720.1, "720.1"), ("@", 552, "552"), ("0", 552, "552"), ("#,##0.00", 1234.5, "1234.50"),
        ("0.0%", 0.436, "43.6%"), ("0.0%", -0.032, "-3.2%"), ('0.0"%"', 43.6, "43.6%"), (r"0.0\%", 43.6, "43.6%"),
        ("0!%", 43, "43%"), ('0.0,"千"', 1_900_000, "1900.0千"), ("#,##0.0,,", 1_900_000, "1.9"),
        ('0!.0,"万"', 1_900_000, "190.0万"), ('#"."0,"万"', 1_900_000, "190.0万"), ("0!.0000", 12_345, "1.2345"),
        ('0.0"亿元"', 720.1, "720.1亿元"), ('General"亿元"', 720.1, "720.1亿元"), ('"约"0.0', 6, "约6.0"),
        ('0"余"', 190, "190余"), ("¥#,##0", 5, "¥5"), ("[$¥-804]#,##0", 5, "¥5"), ("0.00", 2013.1, "2013.10"),
        ("0.00_ ;[Red]-0.00 ", -3.2, "-3.20"), ("0.0_);(0.0)", -3.2, "-3.2"), ("0.0;[Red]0.0", -3.2, "-3.2"),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 720.1, "720.10"), ("0.0##", 2.34567, "2.346"),
        ("0.0##", 2, "2.0"), ("#", 0, ""), ("00", 9, "09"), ("0.00E+00", 12_345, "12345"), ("# ?/?", 0.5, "0.5"),
        ("[<100]0.0;0", 720.1, "720"), ('[>=10000]0!.0,"万";0', 720.1, "720"), (";;;", 5, UNCLEAR),
        ("[h]:mm", 30.1, UNCLEAR), ('yyyy"年"', DAY, "2013"), ("yyyy", 41547, "2013"),
        ('yyyy"年"m"月"', DAY, "2013-09"),
        ("yyyy.mm", 41547, "2013-09"), ('m"月"', DAY, "9月"), ("yyyy/m/d", DAY, "2013-09-30"),
        ("[$-804]yyyy\"年\"m\"月\"d\"日\"", DAY, "2013-09-30"), ("General", True, "TRUE"),
        (BUILT_IN[57], DAY, "2013-09"), (BUILT_IN[10], 0.5, "50.00%"), ("0.0", 0.25, "0.3"), ("0.0", -0.04, "0.0"),
        ("General", 4.36e-07, "0.000000436"),
    ],
)  # fmt: skip
def test_a_cell_is_what_its_format_shows(code, cell, shown):
    assert show_cell(cell, parse_number_format(code)) == shown


@pytest.mark.parametrize(
    ("code", "cell", "shown"),
    [
        ('yyyy"年1-"m"月"', DAY, "2013年1-9月"), ('"截至"yyyy"年"m"月"', DAY, "截至2013年9月"),
        ('yyyy"年"m"月累计"', 41547, "2013年9月累计"), ('yyyy"年前"m"个月"', DAY, "2013年前9个月"),
        ('yy"年1-"mm"月"', DAY, "13年1-09月"), ('yyyy"年1-"mmm', DAY, UNCLEAR), ('m"月"d"日"', DAY, "9月30日"),
        ("[$-F800]dddd, mmmm dd, yyyy", DAY, "2013-09-30"), ('yyyy"年"m"月";@', DAY, "2013-09"),
        ("[DBNum1]yyyy\"年\"m\"月\"", DAY, "2013-09"), ("[DBNum1]yyyy\"年1-\"m\"月\"", DAY, UNCLEAR),
    ],
)  # fmt: skip
def test_words_in_the_format_of_a_date_are_shown_with_it(code, cell, shown):
    assert show_cell(cell, parse_number_format(code)) == shown


@pytest.mark.parametrize(
    ("code", "shown"),  # of 5.25, -5.25, 0 and the text 甲
    [
        ("#,##0.0;-#,##0.0;;@", ["5.3", "-5.3", "", "甲"]), ("0;0;", ["5", UNCLEAR, "", "甲"]),
        ('_ * #,##0.0_ ;_ * -#,##0.0_ ;_ * "-"??_ ;_ @_ ', ["5.3", "-5.3", "-", "甲"]),
        ('_ ¥* #,##0.0_ ;_ ¥* -#,##0.0_ ;_ ¥* "-"??_ ;_ @_ ', ["¥5.3", "¥-5.3", "-", "甲"]),
        (BUILT_IN[43], ["5.25", "-5.25", "-", "甲"]), ("#,###", ["5", "-5", "", "甲"]),
        ("+0.0%;-0.0%", ["+525.0%", "-525.0%", "+0.0%", "甲"]), ("↑0.0;↓0.0", ["↑5.3", "↓5.3", "↑0.0", "甲"]),
        ("0.0;[Red]0.0", ["5.3", "-5.3", "0.0", "甲"]), ("0.0;[红色](0.0)", ["5.3", "-5.3", "0.0", "甲"]),
        ("0.0;0.0", ["5.3", UNCLEAR, "0.0", "甲"]), ("(0.0)", [UNCLEAR, UNCLEAR, UNCLEAR, "甲"]),
        ("0.0;△0.0", ["5.3", "△5.3", "0.0", "甲"]), ('0.0"%";-0.0"%";"持平"', ["5.3%", "-5.3%", "持平", "甲"]),
        ("¥#,##0", ["¥5", "-¥5", "¥0", "甲"]), ("¥#,##0;¥-#,##0", ["¥5", "¥-5", "¥0", "甲"]),
        ("US$#,##0.0", ["US$5.3", "-US$5.3", "US$0.0", "甲"]), ("[$$-409]0", ["$5", "-$5", "$0", "甲"]),
        ("0.0 [$€-1]", ["5.3€", "-5.3€", "0.0€", "甲"]), ('G/通用格式"亿"', ["5.25亿", "-5.25亿", "0亿", "甲"]),
        (";;;", [UNCLEAR, UNCLEAR, "", ""]), ('0;-0;0;@"市"', ["5", "-5", "0", "甲市"]),
        ('@"亿元"', [UNCLEAR, UNCLEAR, UNCLEAR, "甲亿元"]), ('[=0]"-";General', ["5.25", "-5.25", "-", "甲"]),
        ("[>=5]0.00;0", ["5.25", "-5", "0", "甲"]), ("[>=0]0.0;[Red]-0", ["5.3", "-5", "0.0", "甲"]),
        ("[<-9]0;[<3]0.0;0.00", ["5.25", UNCLEAR, "0.0", "甲"]), ("[>9]0;0.0;0.00", [UNCLEAR, UNCLEAR, UNCLEAR, "甲"]),
    ],
)  # fmt: skip
def test_each_section_of_a_format_shows_its_numbers(code, shown):
    style = parse_number_format(code)
    assert [show_cell(cell, style) for cell in (5.25, -5.25, 0, "甲")] == shown


@given(
    st.sampled_from(["0.0", "#,##0.0", '0.0"亿元"', "¥0.0", "0.0_ ", "+0.0", "↑0.0"]),
    st.sampled_from(["-0.0", "[Red]0.0", "(0.0)", '-0.0"亿元"', "↓0.0", '"下降"0.0', "0.0", ""]),
    st.sampled_from(["", '"-"', "0.0", '"—"', "[Blue]0.0", "@", None]),
    st.integers(-9_999, 9_999),
)
def test_a_number_is_never_shown_with_the_section_of_another(above, below, zero, tenths):
    style = parse_number_format(";".join(part for part in (above, below, zero) if part is not None))
    shown = show_cell(tenths / 10, style)
    digits = re.sub(r"[^\d.]", "", shown)
    if shown != UNCLEAR:
        assert (float(digits or 0), bool(digits)) == (abs(tenths) / 10, bool(tenths) or zero not in ("", '"-"', '"—"'))
    if tenths < 0:
        assert (shown == UNCLEAR) == (below in {"0.0", ""})
        assert re.search("[-↓降]|#FORMAT!", shown)
    elif tenths:
        assert not re.search("[-↓降]|#FORMAT!", shown)


@given(st.dates(date(1995, 1, 1), date(2035, 12, 31)), st.lists(st.sampled_from(["截至", "1-", "累计", "年", "底"])))
def test_what_a_date_is_shown_with_is_never_lost(day, words):
    code = 'yyyy"年"' + "".join(f'"{word}"' for word in words) + 'm"月"'
    said = "".join(words)
    shown = f"{day.year}年{said}{day.month}月" if re.search("[^年]", said) else f"{day.year}-{day.month:02}"
    style = parse_number_format(code)
    moment = datetime(day.year, day.month, day.day)
    assert show_cell(moment, style) == shown
    assert show_cell((moment - datetime(1899, 12, 30)) / timedelta(days=1), style) == shown


@given(
    st.integers(-(10**9), 10**9), st.integers(0, 3), st.integers(0, 3), st.booleans(), st.integers(0, 2),
    st.sampled_from(["", '"亿元"', r"\家", '"%"', "_ ", "!余"]), st.sampled_from(["", "[Red]", "* ", '"约"']),
)  # fmt: skip
def test_a_format_of_any_parts_shows_what_spreadsheet_programs_show(
    number, scale, least, percent, commas, after, before
):
    value = number / 10**scale
    code = f"{before}#,##0{'.' + '0' * least if least else ''}{',' * commas}{'%' if percent else ''}{after}"
    style = parse_number_format(code)
    exact = Decimal(f"{value:.15g}").scaleb(2 * percent - 3 * commas)
    digits = exact.quantize(Decimal(1).scaleb(-least), ROUND_HALF_UP)
    text = re.sub(r'^_.|["\\!]|_ $', "", after)
    sign, plain = ("-" if digits < 0 else ""), f"{abs(digits):f}"
    assert (
        show_cell(value, style)
        == f"{sign}{'约' if '约' in before else ''}{plain}{'%' if percent else ''}{text.strip()}"
    )
    assert loses_digits(value, style) == (digits != exact)
