"""Show the SQL editor: the box, examples, the schema next to it, and why a question has no answer."""

import uuid

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.exploring import sql_result
from pages.ui import address, device, downloads, embed, layout
from pages.upload import own_notice
from pages.wording import plain_text
from pages.wording.language import _, join_sentences, lang, localize_name
from queries.sql import run
from queries.sql.limits import Refused

RAN_KEY, REFUSED_KEY, READER_KEY, SESSION_KEY = "explore_ran", "explore_refused", "explore_reader", "explore_session"
TICK = 0.2  # seconds between two looks at a question that runs
MAIN_TABLES = "observation indicator park unit source target "  # the tables that a question begins with, in this order
MOST_LETTERS_QUOTED = 300  # characters of DuckDB's own words that a message holds

EXAMPLES = {
    "zone": """select indicator.name_zh, period, value_text, unit.name_zh as unit_zh, source_id
from observation
inner join indicator using (indicator_id)
inner join unit on observation.unit_id = unit.unit_id
where park_id = 'xthtz'
order by indicator.position, period""",
    "places": """select park.name_zh, value, unit_id, source_id
from observation
inner join park using (park_id)
where
    indicator_id = 'park_industrial_value_added_above_scale'
    and park.kind = 'city'
    and period = '2017'
order by value desc""",
    "years": """select period, value, unit_id, source_id
from observation
where park_id = 'china_htz' and indicator_id = 'national_zones'
order by period""",
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


def show_page_sql(sql: str, rows: pl.DataFrame) -> None:
    """Show the SQL query behind a view, to copy, and a link to go on from it."""
    with downloads.show_popover(_("这一页的 SQL"), "code", "explore_behind") as wanted:
        if not wanted:
            return
        st.code(sql, language="sql", wrap_lines=True)
        if rows["evidence"].is_in(["published"]).not_().any():
            st.caption(_("SQL 取公布的数；推算的行由它们按表中的公式算出，不在库里，自有的行也不在。"))
        query = {"lang": lang(), "tab": "sql", "sql": sql}
        st.page_link("explore.py", label=_("用这段 SQL 继续查"), icon=":material/arrow_forward:", query_params=query)


def get_example_labels() -> dict[str, str]:
    """Return what each example query asks, by its code in EXAMPLES."""
    return {
        "zone": _("湘潭高新区公布过的全部数"),
        "places": _("2017年湖南各市园区的规模工业增加值，从高到低"),
        "years": _("国家高新区有多少个，逐年"),
        "sources": _("每份材料给了多少个数"),
        "outcomes": _("既定了目标又公布了结果的指标"),
    }


def get_example_sql(code: str) -> str:
    """Return the SQL of an example, with names in the language of this run."""
    return EXAMPLES[code].replace("_zh", f"_{lang()}")


def get_refusal_texts() -> dict[str, str]:
    """Return why a question is not answered, by code, with what to do."""
    return {
        "empty": _("还没有写 SQL。请写一条以 select、from 或 with 开头的查询。"),
        "too_long": _("这段 SQL 有 {detail} 个字符，太长。请改短到 {length} 个以内。"),
        "several": _("一次只能运行一条语句，这里有 {detail} 条。请删去分号后面的内容。"),
        "not_reading": _("这里只能查询，不能用 {detail}。请以 select、from、with 或 values 开头。"),
        "pivot": _("pivot 要写明取哪些值，例如：pivot observation on period in ('2013', '2014') using sum(value)。"),
        "table": _("没有可查的表“{detail}”。可查的表已列出。"),
        "function": _("这里不能用函数“{detail}”。读文件、读设置、等待和目录类的函数都不开放。"),
        "syntax": _("这段 SQL 读不通：{detail}。"),
        "unknown_name": _("没有“{detail}”这个名称。"),
        "timeout": _("超过 {seconds} 秒，已停止。请先加条件，或少连几张表。"),
        "memory": _("需要的内存超过上限，已停止。请先汇总，或少取些行。"),
        "rows": _("结果超过 {rows} 行，没有返回。请加 limit，或先汇总。"),
        "columns": _("结果有 {detail} 列，太多。请只选需要的列。"),
        "bytes": _("结果超过 {detail} MB，没有返回。请少选几列，或加 limit。"),
        "days": _("“{detail}”列里有公元 1 年至 9999 年以外的日子。请加 ::varchar 转成文字。"),
        "busy": _("正有 {detail} 个查询在运行，请稍等片刻再运行。"),
        "many": _("您已有 {detail} 个查询在排队，请等它们答完再运行。"),
        "cancelled": _("已停止。"),
        "failed": _("没能算出结果：{detail}。"),
        "unknown": _("没能算出结果。请换一种写法。"),
        "broken": _("服务器现在不能运行查询，原因记在它的日志里。"),
    }


def show_sql_tab(top: DeltaGenerator, tables: pl.DataFrame, units: pl.DataFrame) -> None:
    """Show the tab of SQL. tables, units: of queries.catalogue.catalogue."""
    with top:
        layout.show_head([_("自助查询"), "SQL"], _("用 SQL 查公布的表"), "")
        if own_notice.get_session_figures() is not None:
            st.caption(":material/lock: " + _("您的自有数据不在这些表里，用 SQL 查不到。"))
    left, right = st.columns([3, 2], gap="large")
    with right:
        show_schema(tables)
    with left:
        show_sql_box()
        sql = str(st.session_state.get(RAN_KEY) or "")
        rows = get_answer(sql) if sql.strip() else None
    if rows is not None:
        sql_result.show_answer(rows, sql, run.get_data_version(), units)


def show_sql_box() -> None:
    """Show the box for SQL, bound to sql=, with its examples and buttons.

    What a link brings is run at once.
    """
    raw, state, kept = st.query_params.get("sql"), st.session_state, address.get_kept().get("explore_sql")
    if "explore_sql" not in state or kept is None or kept.seen != (raw,):
        state[RAN_KEY] = raw
    address.sync_from_address("explore_sql", (raw,), lambda: (raw or "", []), typed=True)
    st.selectbox(
        _("例子"), list(EXAMPLES), index=None, key="explore_example", placeholder=_("从一个例子开始"),
        on_change=_take_example, label_visibility="collapsed", format_func=get_example_labels().__getitem__,
    )  # fmt: skip
    # A form: leaving the box to look at the schema runs nothing, Ctrl+Enter in it does.
    with st.form("explore_form", border=False):
        text: str = st.text_area("SQL", key="explore_sql", height=240, label_visibility="collapsed",
                                 placeholder="select * from observation limit 10")  # fmt: skip
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button(
                _("运行"), key="explore_run", type="primary", icon=":material/play_arrow:", on_click=_run
            )
            st.form_submit_button(_("清空"), key="explore_clear", type="tertiary", on_click=_clear)
            st.caption(_("Ctrl+Enter 运行。只能查询，一次一条，最多 {seconds} 秒、{rows} 行。",
                         seconds=f"{run.SECONDS:g}", rows=f"{run.ROWS:,}"))  # fmt: skip
    address.sync_to_address("explore_sql", text, {"sql": text or None})


def _take_example() -> None:
    chosen = st.session_state.explore_example
    if chosen in EXAMPLES:
        st.session_state.explore_sql = get_example_sql(chosen)
        _run()


def _run() -> None:
    st.session_state[RAN_KEY] = st.session_state.explore_sql
    st.session_state[READER_KEY] = uuid.uuid4().hex  # an answer of before is not the answer to this
    st.session_state.pop(REFUSED_KEY, None)


def _clear() -> None:
    st.session_state.explore_sql = ""
    _run()


def _stop() -> None:
    st.session_state[REFUSED_KEY] = (st.session_state.get(RAN_KEY), _get_refusal_text("cancelled"))


def get_answer(sql: str) -> pl.DataFrame | None:
    """Return the rows that answer a question; None where it is refused, and show why.

    A reader who goes to another page ends the question.
    """
    reader = st.session_state.setdefault(READER_KEY, uuid.uuid4().hex)
    rows: pl.DataFrame | None = run.find_kept_answer(reader, sql)
    refused = st.session_state.get(REFUSED_KEY)
    if rows is None and (refused is None or refused[0] != sql):
        try:
            rows = _await_rows(sql)
            run.keep_answer(reader, sql, rows)
        except run.Refused as error:
            refused = st.session_state[REFUSED_KEY] = (sql, describe_refusal(error))
    if rows is None and refused:
        embed.keep_title("", refused[1])
        st.error(refused[1], icon=":material/block:")
    return rows


def _await_rows(sql: str) -> pl.DataFrame:
    """Return the rows once they are there; meanwhile show the seconds and a button to stop."""
    place = st.empty()
    session = st.session_state.setdefault(SESSION_KEY, uuid.uuid4().hex)
    with run.start_query(sql, session) as running, place.container(horizontal=True, vertical_alignment="center"):
        st.button(_("停止"), key="explore_stop", type="tertiary", icon=":material/stop:", on_click=_stop)
        counting = st.empty()
        waited = 0.0
        # Each word to the reader is also where Streamlit ends this run when the reader goes elsewhere.
        while not running.wait(TICK):
            waited += TICK
            counting.caption(_("正在查询……{n} 秒", n=int(waited)))
    place.empty()
    rows: pl.DataFrame = running.result()
    return rows


def describe_refusal(error: Refused) -> str:
    """Return why there is no answer, what was perhaps meant, and where."""
    detail = plain_text.escape_markdown(" ".join(error.detail.split())[:MOST_LETTERS_QUOTED].rstrip("."))
    limits = {"seconds": f"{run.SECONDS:g}", "rows": f"{run.ROWS:,}", "length": f"{run.LENGTH:,}"}
    return join_sentences(
        [
            _get_refusal_text(error.code if detail or error.code != "failed" else "unknown").format(
                detail=detail, **limits
            ),
            _("是不是“{near}”？", near=plain_text.escape_markdown(error.near)) if error.near else "",
            _("见第 {line} 行第 {column} 个字符。", line=error.line, column=error.column) if error.line else "",
        ]
    )


def _get_refusal_text(code: str) -> str:
    return get_refusal_texts().get(code, get_refusal_texts()["unknown"])


def show_schema(tables: pl.DataFrame) -> None:
    """Show the tables that can be asked, and of one of them the columns with what each holds."""
    rows = {row["table_id"]: row for row in tables.iter_rows(named=True)}
    place = st.expander(_("可查的表"), icon=":material/table:") if device.is_phone() else st.container()
    with place:
        chosen = st.selectbox(
            _("可查的表"),
            sorted(rows, key=lambda table: (table not in MAIN_TABLES, MAIN_TABLES.find(table))),
            key="explore_schema",
            format_func=lambda table: _("{table}（{n} 行）", table=table, n=f"{rows[table]['rows']:,}"),
            label_visibility="collapsed",
        )
        row = rows[chosen]
        st.caption(plain_text.escape_markdown(localize_name(row, "comment")))
        described = zip(row["columns"], row["types"], row[f"comments_{lang()}"], strict=True)
        with st.container(height=260, border=False):
            st.markdown(
                "\n".join(
                    f"- `{column}` :gray[{_label_type(kind)}]  \n  {plain_text.escape_markdown(said)}"
                    for column, kind, said in described
                )
            )


def _label_type(kind: str) -> str:
    return "code" if kind.startswith("ENUM") else kind.lower()
