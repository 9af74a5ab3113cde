"""Questions in SQL: the box, the schema beside it, examples, the answer as table, chart and files."""

from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from pages.parts import charts, downloads, filters, layout, mine, pictures, screen
from pages.parts.words import _, lang, name
from queries.files import flat

SHOWN = 1_000  # rows of an answer in the table on the page
DRAWN = 500  # rows of an answer in the chart
MAIN = ("observation", "indicator", "park", "unit", "source", "target")  # that a question begins with
RAN, ANSWER = "explore_ran", "explore_answer"
TICK = 0.2  # seconds between two looks at a question that runs


def behind(sql: str, rows: pl.DataFrame) -> None:
    """The question behind a view, to copy, and the way to go on from it."""
    with downloads.opened(_("这一页的 SQL"), "code", "explore_behind") as wanted:
        if not wanted:
            return
        st.code(sql, language="sql", wrap_lines=True)
        if rows["evidence"].is_in(["published"]).not_().any():
            st.caption(_("SQL 取公布的数；推算的行由它们按表中的公式算出，不在库里，自有的行也不在。"))
        query = {"lang": lang(), "tab": "sql", "sql": sql}
        st.page_link("explore.py", label=_("用这段 SQL 继续查"), icon=":material/arrow_forward:", query_params=query)


EXAMPLES = {
    "zone": """select indicator.name_zh, period, value_text, unit.name_zh as unit_zh, source_id
from observation
inner join indicator using (indicator_id)
inner join unit on observation.unit_id = unit.unit_id
where park_id = 'xthtz'
order by indicator.position, period""",
    "revenue": """select park.name_zh, period, value
from observation
inner join park using (park_id)
where indicator_id = 'total_revenue' and unit_id = 'yi_cny'
order by value desc""",
    "years": """select year(period_end)::varchar as year, value * factor / 100000000 as yi_yuan
from observation
inner join unit using (unit_id)
where park_id = 'china_htz' and indicator_id = 'industrial_output' and value is not null
order by year""",
    "sources": """select source.title_zh, source.published, count(*) as figures
from observation
inner join source using (source_id)
group by all
order by figures desc""",
    "outcomes": """select target.park_id, target.indicator_id, target.year, target.measure,
    target.value as target, observation.value, observation.growth_pct
from target
inner join observation
    on observation.park_id = target.park_id
    and observation.indicator_id = target.indicator_id
    and observation.period = target.year::varchar
order by all""",
}


def examples() -> dict[str, str]:
    """What each question to start from asks, by its code in EXAMPLES."""
    return {
        "zone": _("湘潭高新区公布过的全部数"),
        "revenue": _("各地技工贸总收入，从高到低"),
        "years": _("全国高新区工业总产值逐年变化"),
        "sources": _("每份材料给了多少个数"),
        "outcomes": _("既定了目标又公布了结果的指标"),
    }


def refusals() -> dict[str, str]:
    """Why a question is not answered, by code, with what to do."""
    return {
        "empty": _("还没有写 SQL。"),
        "too_long": _("这段 SQL 太长。请改短。"),
        "several": _("一次只能运行一条语句。请删去分号后面的内容。"),
        "not_reading": _("只能查询，不能修改、设置或附加。请以 select、with、from 或 values 开头。"),
        "table": _("只能查右边列出的表。不认识：{detail}"),
        "function": _("这里不能用这个函数：{detail}。读文件、读设置和读目录的函数都不开放。"),
        "syntax": _("语法有误：{detail}"),
        "unknown_name": _("没有这个列或表：{detail}"),
        "timeout": _("超过 {seconds} 秒，已停止。请加条件，或少连几张表。"),
        "memory": _("占用内存太多，已停止。请加条件，或先汇总再查。"),
        "rows": _("结果超过 {rows} 行，没有返回。请加 limit，或先汇总。"),
        "bytes": _("结果太大，没有返回。请少选几列，或加 limit。"),
        "busy": _("正在运行的查询太多，请稍等片刻再运行。"),
        "cancelled": _("已停止。"),
        "failed": _("没能运行：{detail}"),
    }


def show(top: Any, door: Any, tables: pl.DataFrame) -> None:
    """The tab of SQL. door: queries.sandbox; tables: the schema, of catalogue.tables()."""
    with top:
        layout.head([_("自助查询"), "SQL"], _("用 SQL 查公布的表"), "")
        if mine.held() is not None:
            st.caption(":material/lock: " + _("您的自有数据不在这些表里，用 SQL 查不到。"))
    left, right = st.columns([3, 2], gap="large")
    with right:
        schema(tables)
    with left:
        text = box()
        asked = st.session_state.get(RAN)
        if not asked or not asked.strip():
            st.caption(_("按 Ctrl+Enter 或“运行”。一次一条查询，最多 {seconds} 秒、{rows} 行；只能读。",
                         seconds=door.SECONDS, rows=f"{door.ROWS:,}"))  # fmt: skip
            return
        rows = answered(door, asked)
    if rows is not None:
        result(rows, asked if asked == text else text)


def box() -> str:
    """The box of the question, bound to sql=; its examples, and the buttons."""
    raw = st.query_params.get("sql")
    filters.follow("explore_sql", (raw,), lambda: (raw or "", []))
    if RAN not in st.session_state:
        st.session_state[RAN] = raw
    st.selectbox(
        _("例子"), list(EXAMPLES), index=None, key="explore_example", placeholder=_("从一个例子开始"),
        on_change=_take_example, label_visibility="collapsed", format_func=examples().__getitem__,
    )  # fmt: skip
    text: str = st.text_area("SQL", key="explore_sql", height=220, on_change=_run, label_visibility="collapsed",
                             placeholder="select * from observation limit 10")  # fmt: skip
    filters.lead("explore_sql", text, {"sql": text or None})
    with st.container(horizontal=True):
        st.button(_("运行"), key="explore_run", type="primary", icon=":material/play_arrow:", on_click=_run)
        st.button(_("清空"), key="explore_clear", type="tertiary", on_click=_clear)
    return text


def _take_example() -> None:
    chosen = st.session_state.explore_example
    if chosen in EXAMPLES:
        st.session_state.explore_sql = EXAMPLES[chosen]
        _run()


def _run() -> None:
    st.session_state[RAN] = st.session_state.explore_sql
    st.session_state.pop(ANSWER, None)


def _clear() -> None:
    st.session_state.explore_sql = ""
    st.session_state[RAN] = None
    st.session_state.pop(ANSWER, None)


def _stop() -> None:
    st.session_state[ANSWER] = (st.session_state.get(RAN), "cancelled", "")


def answered(door: Any, sql: str) -> pl.DataFrame | None:
    """The rows that answer a question, or why there are none. A reader who goes elsewhere ends the question."""
    known = st.session_state.get(ANSWER)
    if known is None or known[0] != sql:
        place = st.empty()
        try:
            with door.start(sql) as running, place.container(horizontal=True, vertical_alignment="center"):
                told = st.empty()
                st.button(_("停止"), key="explore_stop", type="tertiary", icon=":material/stop:", on_click=_stop)
                waited = 0.0
                # Each word to the reader is also where Streamlit ends this run when the reader goes elsewhere.
                while not running.wait(TICK):
                    waited += TICK
                    told.caption(_("正在查询……{n} 秒", n=int(waited)))
                known = (sql, running.result(), "")
        except door.Refused as error:
            known = (sql, error.code, error.detail)
        place.empty()
        st.session_state[ANSWER] = known
    if isinstance(known[1], pl.DataFrame):
        return known[1]
    said = refusals().get(known[1], refusals()["failed"])
    st.error(said.format(detail=layout.plain(known[2]), seconds=door.SECONDS, rows=f"{door.ROWS:,}"),
             icon=":material/block:")  # fmt: skip
    return None


def result(rows: pl.DataFrame, sql: str) -> None:
    """The answer: how many rows, a simple chart, the table, the link and the files."""
    title = _("{n} 行", n=f"{rows.height:,}")
    st.subheader(title, anchor=False)
    link = layout.address({"lang": lang(), "tab": "sql", "sql": sql} | filters.chosen("x", "y", "draw"))
    if rows.is_empty():
        st.info(_("没有符合条件的行。"), icon=":material/search_off:")
        return
    drawn = chart(rows, link)
    shown = flat(rows.head(SHOWN))
    st.dataframe(shown, hide_index=True, height=min(38 + 35 * shown.height, 420), placeholder="—", alt=title)
    if rows.height > SHOWN:
        st.caption(_("只列出前 {n} 行，其余在下载的文件里。", n=f"{SHOWN:,}"))
    with st.container(horizontal=True):
        with downloads.opened(_("复制链接"), "link", "explore_sql_link") as wanted:
            if wanted:
                st.code(link, language=None, wrap_lines=True)
        downloads.menu("explore_sql", "query", rows, drawn)


def chart(rows: pl.DataFrame, link: str) -> list[pictures.Picture]:
    """A simple chart of two columns of an answer, where it has a column of numbers."""
    numbers = [column for column, kind in rows.schema.items() if kind.is_numeric()]
    others = [column for column in rows.columns if column not in numbers] + numbers
    if not numbers or rows.height < 2:
        return []
    kinds = {"bar": _("条形"), "line": _("折线"), "dot": _("散点"), "none": _("不画图")}
    one, two, three = st.columns(3, gap="medium")
    with one:
        x = filters.single("explore_x", "x", _("横轴"), {column: column for column in others}, others[0])
    with two:
        y = filters.single("explore_y", "y", _("数值"), {column: column for column in numbers}, numbers[0])
    with three:
        kind = filters.single("explore_draw", "draw", _("图形"), kinds, "bar")
    if kind == "none":
        return []
    shown = rows.head(DRAWN).select(x=pl.col(x).cast(pl.String), y=pl.col(y).cast(pl.Float64))
    spec = simple(kind, x, y, screen.palette())
    st.vega_lite_chart(shown, spec, alt=_("{y}，按{x}", x=x, y=y))
    return [pictures.Picture(_("{y}，按{x}", x=x, y=y), shown, spec, _("公布的表，按所附 SQL"), link)]


def simple(kind: str, x: str, y: str, palette: str) -> charts.Spec:
    """Bars, a line or dots of two columns, in the order of the rows."""
    colours = charts.PALETTES[palette]
    axis = alt.Axis(labelAngle=0, labelLimit=140, labelOverlap=True, ticks=False, domainColor=colours["line"],
                    labelColor=colours["quiet"])  # fmt: skip
    base = alt.Chart().encode(
        x=alt.X("x:N", title=x, sort=None, axis=axis),
        y=alt.Y("y:Q", title=None, axis=charts.axis_of(colours, "")),
        tooltip=[alt.Tooltip("x:N", title=x), alt.Tooltip("y:Q", title=y)],
    )
    colour = colours["figure"]
    marks = {
        "bar": base.mark_bar(color=colour),
        "line": base.mark_line(color=colour, point=alt.OverlayMarkDef(color=colour, filled=True)),
        "dot": base.mark_point(color=colour, filled=True, size=50),
    }
    return charts.finished(marks[kind].properties(height=280), y, colours)


def schema(tables: pl.DataFrame) -> None:
    """The tables that can be asked, with their columns and what each holds."""
    st.markdown("**" + _("可查的表") + "**")
    for row in tables.iter_rows(named=True):
        with st.expander(f"`{row['table_id']}` · " + _("{n} 行", n=f"{row['rows']:,}"), on_change="rerun",
                         key=f"explore_schema_{row['table_id']}") as opened:  # fmt: skip
            if opened.open:
                st.caption(name(row, "comment"))
                described = zip(row["columns"], row["types"], row[f"comments_{lang()}"], strict=True)
                st.markdown("\n".join(f"- `{column}` :gray[{_type(kind)}] {layout.plain(said)}"
                                      for column, kind, said in described))  # fmt: skip


def _type(kind: str) -> str:
    return "code" if kind.startswith("ENUM") else kind.lower()
