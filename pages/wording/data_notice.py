"""Messages about data that could not be prepared: one sentence with the cause, without any folder of the server."""

from typing import Protocol

import streamlit as st

from pages.wording.language import _


class ReportableProblem(Protocol):
    """A problem with the data.

    what: sources, disk, folder, store, restless, database or other; file: a file name; line: 0 for none.
    """

    @property
    def what(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int: ...


def describe_cause(trouble: ReportableProblem) -> str:
    """Describe the cause of a problem in a few words."""
    if trouble.what == "sources":
        if trouble.line:
            return _("数据源 {file} 第 {line} 行有误", file=trouble.file, line=trouble.line)
        return _("数据源 {file} 有误", file=trouble.file)
    causes = {
        "disk": _("服务器磁盘已满"),
        "folder": _("服务器无权写入数据库所在的文件夹"),
        "store": _("自有数据的批次读不出来"),
        "restless": _("数据源一直在变动"),
        "database": _("数据库文件 {file} 已损坏，或不是本版程序所建", file=trouble.file),
    }
    if trouble.what in causes:
        return causes[trouble.what]
    if trouble.file:
        return _("读取 {file} 时出错", file=trouble.file)
    return _("准备数据时出错")


def show_stale_data_warning(trouble: ReportableProblem) -> None:
    """Show a warning that the page shows the previous version of the data, with the cause."""
    st.warning(
        _("{cause}，数据未能更新；本页显示上一版数据。详情见服务器日志。", cause=describe_cause(trouble)),
        icon=":material/update_disabled:",
    )


def show_no_data_error(trouble: ReportableProblem | None, *, damaged: bool) -> None:
    """Show an error that there are no data to show, with the cause.

    damaged: the database file is damaged or was built by another version.
    """
    if damaged:
        said = _("数据库文件已损坏，或不是本版程序所建，暂时没有数据可显示。服务器会用数据源重建，请稍后刷新本页。")
        if trouble and trouble.what != "database":
            said = _(
                "数据库文件已损坏，也未能重建：{cause}。请运维人员改正后运行 python -m data.build，再刷新本页。",
                cause=describe_cause(trouble),
            )
    elif trouble and trouble.what != "database":
        said = _(
            "数据库尚未建立：{cause}。请运维人员改正后运行 python -m data.build，再刷新本页。",
            cause=describe_cause(trouble),
        )
    else:
        said = _("数据库尚未建立。请运维人员运行 python -m data.build，按提示改正数据源后刷新本页。")
    st.error(said, icon=":material/database_off:")
