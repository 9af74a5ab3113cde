"""A page of texts in every element that takes Markdown; test_text_journeys.py looks at it in a browser."""

import os

import streamlit as st

from pages.wording.plain_text import escape_markdown, format_bold

TEXTS = (
    "1~2月完成厂房3~5栋", "~~a~~ ~b~", "A*B", "3—5", "*a* _b_ **c**", "a_b_c", "# x", "- x", "+ x", "1. x", "12)",
    "> q", "`c`", "```", "---", "***", "===", "C #", "<b>x</b>", "<!-- a -->", "[x](http://e.invalid)", "[^1]",
    "- [ ] x", "![i](http://e.invalid/p.png)", "[x]: http://e.invalid", "<http://e.invalid>",
    "http://e.invalid/a_b?c=1&d", "www.e.invalid", "WWW.e.invalid x", "a@e.invalid", "mailto:a@e.invalid",
    ":red[r]", ":small[a]{x}", ":material/home:", ":blue-background[x]", ":color[a]{foreground=red}", ":smile:",
    ":+1:", ":streamlit:", "::x", "a:b:c 10:30", "$x$", "$$x$$", "a $5 and $6", "a -> b", "a <- b", "a <-> b",
    "a -- b", "a >= b", "a <= b", "a ~= b", "->", "--", "&amp; &lt;", "a\\b", "\\", "a | b", "    code",
    "a\n\nb", "（一）期（50%）",
)  # fmt: skip


def draw() -> None:
    for place, text in enumerate(TEXTS):
        said = escape_markdown(text)
        with st.container(key=f"text{place}"):
            st.markdown(said)
            st.markdown(f"前{format_bold(text)}后")
            st.markdown(f"- :gray[:small[{said}]]")
            st.markdown(f"| {said} |\n|---|\n| {said} |")
            st.markdown(f"[{said}](?x=1)")
            st.title(said, anchor=False)
            st.caption(said)
            st.info(said)
            st.button(said, key=f"button{place}")
            st.expander(said)
            st.pills("x", [said], key=f"pills{place}", label_visibility="collapsed")
            st.page_link("https://link.invalid", label=said)
            st.selectbox(said, [text], key=f"box{place}")
            st.tabs([said])


if os.environ.get("TEXTS_DRAWN"):
    draw()
