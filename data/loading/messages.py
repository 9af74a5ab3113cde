"""The messages of the command line, in both languages."""

from data.languages import LANGUAGES
from data.tables.problems import Flaw

MOST_SHOWN = 200
# What is said where a command was ended, by why.
ENDED_MESSAGES = {
    "timeout": {
        "zh": "读了 {seconds:.0f} 秒还没读完，已停下，没有载入任何数据。请按年份或指标分成几个文件，另存为 CSV",
        "en": "Not read within {seconds:.0f} s, so it was ended and nothing was loaded. Split the file by year "
        "or indicator and save it as CSV",
    },
    "memory": {
        "zh": "要用的内存超过 {memory:,.0f} MB，已停下，在用的数据完好。请按年份或指标分成几个文件，另存为 CSV",
        "en": "It takes more than {memory:,.0f} MB of memory, so it was ended; what is in use is intact. Split the "
        "file by year or indicator and save it as CSV",
    },
    "failed": {
        "zh": "载入程序中断了，在用的数据完好。请在表格软件里打开，把表复制到新的工作簿，或另存为 CSV，再载入一次",
        "en": "The load failed; what is in use is intact. Open the file in the spreadsheet program, copy the table "
        "into a new workbook or save it as CSV, and load it again",
    },
}
COMMAND_MESSAGES = {
    "zh": {
        "in_order": "台账没有问题，共 {n} 行。", "kept": "已载入 {park}，版本 {version}。", "more": "……另有 {n} 处",
        "defects": "{n} 处有误，没有载入：", "notices": "{n} 处提醒（已载入，请核对）：", "used": "正在使用",
        "none": "没有留存的版本。", "restored": "已恢复 {park} 的版本 {version}。",
        "removed": "{park} 的台账已停用，留存的版本都在。", "written": "已写入 {name}。",
        "sample": "代码 sample 留给示例园区。请在“园区”表填自己园区的代码",
        "table": "{name}{sheet}：{table}，{read} 行中接受 {accepted} 行，退回 {refused} 行，没有数而略过 "
        "{skipped} 行。",
        "understood": "读作（表头在第 {row} 行）：", "untaken": "没有读取：{reason}", "whole": "整张表",
        "empty": "空着的格",
        "idle": "--fix {field}={text} 没有用处：每一行自己都有，或这类文件没有这一项。请去掉，或改正文件里的那一列。",
        "first": "前 {n} 个数将这样载入：",
        "sheet": "“{sheet}”表", "refused": "{n} 处有误：", "nothing": "没有载入任何数据。改好后再载入；"
        "或加 --accept，只载入没有问题的行，其余写入 {files}。",
        "no_rows": "没有可载入的行。", "checked": "只核对，没有载入。", "loaded": "已载入，批次 {batch}：{rows}。",
        "written_refused": "退回的行已写入 {name}。",
        "again": "{name} 已在使用，批次 {batch}，{loaded} 载入（UTC），没有再载入一次。要重新载入，先运行 "
        "--remove {batch}。",
        "again_others": "{name} 已在使用，批次 {batch}，{loaded} 载入（UTC）。没有载入任何数据：请只写新的文件，"
        "或先运行 --remove {batch}。",
        "damaged": "已停用，文件损坏", "damaged_in_use": "正在使用，文件损坏",
        "damaged_mend": "--remove {batch} 可停用",
        "finished": "{name} 上次载入时中断，现已完成，批次 {batch}。",
        "remarks": "{n} 处提醒，请核对：",
        "batch_removed": "批次 {batch} 已停用，文件仍留存；--restore {batch} 可恢复。",
        "batch_restored": "批次 {batch} 已恢复使用。", "no_batch": "没有批次 {batch}。现有：{those}",
        "overlap": "批次 {batch_id}（{file_name}）里也有其中的数：{same} 个相同，{other} 个不同，两边都会显示。"
        "若新文件取代它，请加 --replace {batch_id}。",
        "no_batches": "没有批次。", "kept_batch": "已停用",
        "columns": "批次 状态 载入时间(UTC) 地区 指标 数据 目标 退回 SHA-256 文件",
        "needed": "不能这样改，原有状态不变：", "pairs": "要写成 字段=内容，字段可为：{fields}",
        "twice": "“{name}”只能给一次，不能既是 {those}",
        "no_head": "没有“{head}”这一列。有：{heads}", "no_sheet": "没有“{sheet}”这张表。有：{those}",
        "one_file": "一次只能载入一个台账工作簿，也不能与数据文件一起载入。", "no_file": "没有文件 {name}。",
        "folder": "{name} 是文件夹，不是文件。请写出其中的文件名。",
        "copy": "{name} 与 {first} 内容完全相同，只载入一次。",
        "no_name": "没有这样的批次或台账：{names}。什么都没有停用。现有批次：{batches}；现有台账：{parks}",
        "backed_up": "已备份到 {name}：{n} 个文件，{size} 字节。",
        "backup_restored": "已从 {name} 恢复，数据版本 {version}。",
        "aside": "原来的内容已另存为备份 {name}，可用同一命令恢复。",
        "there": "{name} 已存在。请换一个名字，或加 --force 覆盖。", "no_backup": "没有完成：{reason}。现有数据不变。",
        "not_both": "台账不支持 --accept、--map、--fix 和 --sheet。",
    },
    "en": {
        "in_order": "The ledger is in order: {n} rows.", "kept": "Loaded {park}, version {version}.",
        "more": "… and {n} more", "defects": "{n} defects, nothing was loaded:",
        "notices": "{n} remarks (loaded; please check):", "used": "in use", "none": "No version is kept.",
        "restored": "Restored {park}, version {version}.", "removed": "{park} is out of use; its versions are kept.",
        "written": "Wrote {name}.",
        "sample": "the code sample belongs to the sample park; write your park's own code in the sheet Park",
        "table": "{name}{sheet}: {table}; of {read} rows {accepted} are accepted, {refused} refused, {skipped} skipped "
        "because they have no number.",
        "understood": "Understood as (heads in row {row}):", "untaken": "not read: {reason}", "whole": "all rows",
        "empty": "empty cells",
        "idle": "--fix {field}={text} has no effect: every row has a value of its own, or files of this kind have no "
        "such field. Leave it out, or correct the column in the file.",
        "first": "The first {n} figures as they will stand:",
        "sheet": ", sheet {sheet}", "refused": "Defects: {n}", "nothing": "Nothing was loaded. Fix the file and load "
        "it again; or add --accept to load the rows without defects and write the others to {files}.",
        "no_rows": "There is no row to load.", "checked": "Only checked, nothing was loaded.",
        "loaded": "Loaded, batch {batch}: {rows}.", "written_refused": "The refused rows were written to {name}.",
        "again": "{name} is in use already, batch {batch}, loaded {loaded} UTC; it was not loaded again. To "
        "load it again, "
        "first run --remove {batch}.",
        "again_others": "{name} is in use already, batch {batch}, loaded {loaded} UTC. Nothing was loaded: name the "
        "new files alone, or first run --remove {batch}.",
        "damaged": "out of use, damaged", "damaged_in_use": "in use, damaged",
        "damaged_mend": "--remove {batch} takes it out of use",
        "finished": "The load of {name} had been interrupted and is finished now, batch {batch}.",
        "remarks": "Remarks, please check: {n}",
        "batch_removed": "Batch {batch} is out of use; its file is kept, and --restore {batch} brings it back.",
        "batch_restored": "Batch {batch} is in use again.", "no_batch": "There is no batch {batch}. There are: {those}",
        "overlap": "Batch {batch_id} ({file_name}) contains some of these figures too: {same} are the same, {other} "
        "are not, and both will be shown. If the new file takes its place, add --replace {batch_id}.",
        "no_batches": "There is no batch.", "kept_batch": "out of use",
        "columns": "batch state loaded(UTC) places indicators figures targets refused SHA-256 file",
        "needed": "That cannot be done; everything stays as it was:",
        "pairs": "write FIELD=TEXT, where FIELD is one of {fields}",
        "twice": "{name} can be given once, not for each of {those}",
        "no_head": "There is no column {head}. There are: {heads}",
        "no_sheet": "There is no sheet {sheet}. There are: {those}",
        "one_file": "One ledger is loaded at a time, and not together with files of figures.",
        "no_file": "There is no file {name}.", "folder": "{name} is a folder; name a file in it.",
        "copy": "{name} holds the same as {first} and is loaded once.",
        "no_name": "There is no batch or ledger {names}; nothing was taken out of use. Batches: {batches}; "
        "ledgers: {parks}",
        "backed_up": "Backed up to {name}: {n} files, {size} bytes.",
        "backup_restored": "Restored from {name}, data version {version}.",
        "aside": "What was there before is kept as the backup {name}, which the same command restores.",
        "there": "{name} exists already; choose another name, or add --force to overwrite it.",
        "no_backup": "Not done: {reason}. Everything stays as it was.",
        "not_both": "A ledger takes no --accept, --map, --fix and --sheet.",
    },
}  # fmt: skip


class MisusedOptions(ValueError):
    """Options that do not fit the files or what is kept. zh, en: the message in both languages."""

    def __init__(self, key: str, **values: object) -> None:
        self.zh, self.en = (format_message(key, lang, **values) for lang in LANGUAGES)
        super().__init__(self.en)


def format_message(key: str, lang: str, **values: object) -> str:
    """Return a message in a language. A list is joined as the language does; of a dict its own text is taken."""
    apart = "、" if lang == "zh" else ", "
    told = {name: value[lang] if isinstance(value, dict) else value for name, value in values.items()}
    told = {name: apart.join(map(str, one)) or "—" if isinstance(one, list) else one for name, one in told.items()}
    return COMMAND_MESSAGES[lang][key].format(**told)


def format_flaws(flaws: list[Flaw], lang: str, count: int | None = None) -> str:
    """Return flaws as text, one per line, MOST_SHOWN at most. count: of all, if not all are in the list."""
    lines = [flaw.describe(lang) for flaw in flaws[:MOST_SHOWN]]
    left = (len(flaws) if count is None else count) - len(lines)
    if left > 0:
        lines.append(COMMAND_MESSAGES[lang]["more"].format(n=left))
    return "\n".join(lines)
