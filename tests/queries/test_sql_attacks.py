"""Statements that try to break out of readers' SQL: each is refused with its code, and tells nothing of the machine."""

import os
import re
import socket
import sys
from pathlib import Path

import duckdb
import pytest

from queries.sql import limits, run
from queries.sql.guard import lower_ascii, read_functions
from tests.conftest import ROOT

FORMS = {
    # other databases, files written, the settings of the process
    "attach": ("attach 'x.duckdb'", "not_reading"),
    "attach_over_http": ("attach 'https://example.org/x.duckdb' as x (read_only)", "not_reading"),
    "attach_sqlite": ("attach 'x.db' (type sqlite)", "not_reading"),
    "detach": ("detach park", "not_reading"),
    "use": ("use memory", "not_reading"),
    "copy_to_a_file": ("copy observation to '/tmp/out.csv'", "not_reading"),
    "copy_a_query_to_a_file": ("copy (select 1) to '/tmp/out.parquet' (format parquet)", "not_reading"),
    "copy_from_a_file": ("copy observation from '/etc/passwd'", "not_reading"),
    "copy_from_database": ("copy from database park to memory", "not_reading"),
    "export_database": ("export database '/tmp/x'", "not_reading"),
    "import_database": ("import database '/tmp/x'", "not_reading"),
    "install": ("install httpfs", "not_reading"),
    "install_from": ("install spatial from community", "not_reading"),
    "force_install": ("force install httpfs from 'http://example.org'", "not_reading"),
    "load": ("load httpfs", "not_reading"),
    "load_a_path": ("load '/tmp/evil.duckdb_extension'", "not_reading"),
    "update_extensions": ("update extensions", "not_reading"),
    "pragma": ("pragma database_list", "not_reading"),
    "pragma_call": ("pragma table_info('observation')", "not_reading"),
    "pragma_version": ("pragma version", "not_reading"),
    "pragma_assignment": ("pragma memory_limit='100GB'", "not_reading"),
    "set": ("set memory_limit = '100GB'", "not_reading"),
    "set_external_access": ("set enable_external_access = true", "not_reading"),
    "set_global": ("set global threads = 64", "not_reading"),
    "set_variable": ("set variable x = (select 1)", "not_reading"),
    "set_lock": ("set lock_configuration = false", "not_reading"),
    "set_schema": ("set schema = 'information_schema'", "not_reading"),
    "reset": ("reset memory_limit", "not_reading"),
    "call": ("call pragma_version()", "not_reading"),
    "call_duckdb_settings": ("call duckdb_settings()", "not_reading"),
    "checkpoint": ("checkpoint", "not_reading"),
    "force_checkpoint": ("force checkpoint park", "not_reading"),
    "vacuum": ("vacuum", "not_reading"),
    "vacuum_a_table": ("vacuum analyze observation", "not_reading"),
    "analyze": ("analyze", "not_reading"),
    # writing
    "create_table": ("create table x (a int)", "not_reading"),
    "create_table_as": ("create table x as select * from observation", "not_reading"),
    "create_or_replace_table": ("create or replace table observation as select 1", "not_reading"),
    "create_temp_table": ("create temp table x as select 1", "not_reading"),
    "create_view": ("create view x as select 1", "not_reading"),
    "create_temp_view": ("create temporary view observation as select 1", "not_reading"),
    "create_macro": ("create macro f(a) as a + 1", "not_reading"),
    "create_table_macro": ("create temp macro f() as table select * from read_csv('/etc/passwd')", "not_reading"),
    "create_function": ("create function abs(a) as a", "not_reading"),
    "create_secret": ("create secret s (type s3, key_id 'a', secret 'b')", "not_reading"),
    "create_persistent_secret": ("create persistent secret s (type http)", "not_reading"),
    "create_schema": ("create schema x", "not_reading"),
    "create_sequence": ("create sequence x", "not_reading"),
    "create_type": ("create type x as enum ('a')", "not_reading"),
    "create_index": ("create index x on observation (value)", "not_reading"),
    "insert": ("insert into observation select * from observation", "not_reading"),
    "insert_returning": ("insert into park values ('x') returning *", "not_reading"),
    "update": ("update observation set value = 0", "not_reading"),
    "delete": ("delete from observation", "not_reading"),
    "merge": (
        "merge into park using (select 'x' as park_id) s on s.park_id = park.park_id when matched then delete",
        "not_reading",
    ),
    "drop_table": ("drop table observation", "not_reading"),
    "drop_schema": ("drop schema main cascade", "not_reading"),
    "alter": ("alter table observation drop column value", "not_reading"),
    "alter_rename": ("alter table observation rename to x", "not_reading"),
    "truncate": ("truncate observation", "not_reading"),
    "comment_on": ("comment on table observation is 'x'", "not_reading"),
    "begin": ("begin transaction", "not_reading"),
    "commit": ("commit", "not_reading"),
    "rollback": ("rollback", "not_reading"),
    # what runs or shows other statements
    "prepare": ("prepare x as select 1", "not_reading"),
    "execute": ("execute x", "not_reading"),
    "execute_with_a_value": ("execute x(1)", "not_reading"),
    "deallocate": ("deallocate x", "not_reading"),
    "explain": ("explain select 1", "not_reading"),
    "explain_analyze": ("explain analyze select 1", "not_reading"),
    "explain_a_write": ("explain analyze delete from observation", "not_reading"),
    "describe": ("describe observation", "not_reading"),
    "describe_a_query": ("describe select 1", "not_reading"),
    "summarize": ("summarize observation", "not_reading"),
    "summarize_a_file": ("summarize '/etc/passwd'", "not_reading"),
    "show_tables": ("show tables", "not_reading"),
    "show_all_tables": ("show all tables", "not_reading"),
    "show_databases": ("show databases", "not_reading"),
    "show_a_setting": ("show memory_limit", "not_reading"),
    "show_inside": ("select * from (show databases)", "not_reading"),
    "describe_inside": ("select * from (describe observation)", "not_reading"),
    "summarize_inside": ("from (summarize observation)", "not_reading"),
    "pivot_of_what_it_finds": ("pivot observation on period using sum(value)", "pivot"),
    "pivot_inside": ("select * from (pivot observation on period using sum(value))", "pivot"),
    "time_travel": ("select * from observation at (version => 1)", "not_reading"),
    "time_travel_by_time": ("from observation at (timestamp => '2020-01-01')", "not_reading"),
    # several statements, and what hides them
    "two": ("select 1; select 2", "several"),
    "a_write_after": ("select 1; drop table observation", "several"),
    "a_write_before": ("drop table observation; select 1", "several"),
    "a_setting_after_a_comment": ("select 1 -- harmless\n; set threads = 8", "several"),
    "after_a_block_comment": ("select 1 /* ; */ ; attach 'x'", "several"),
    "after_a_semicolon_in_a_text": ("select ';'; pragma version", "several"),
    "after_a_dollar_text": ("select $$;$$; install httpfs", "several"),
    "after_an_escaped_quote": ("select 'it''s'; load httpfs", "several"),
    "after_an_open_comment": ("select 1 /* /* */ ; call duckdb_settings()", "syntax"),
    "after_a_no_break_space": ("select 1;\u00a0drop table observation", "several"),
    "after_an_ideographic_space": ("select 1;\u3000checkpoint", "several"),
    "three_empty_and_one": (";;; drop table observation", "not_reading"),
    "a_comment_that_hides_the_verb": ("/* select 1 */ attach 'x'", "not_reading"),
    "a_line_comment_that_hides_the_verb": ("-- select 1\nset threads = 8", "not_reading"),
    "only_a_comment": ("-- select 1", "empty"),
    "only_semicolons": (" ; ; ", "empty"),
    "nothing": ("  \n\t ", "empty"),
    "full_width_semicolon": ("select 1； drop table observation", "syntax"),
    "a_delete_inside_with": ("with x as (delete from observation returning *) from x", "not_reading"),
    "an_insert_inside_with": ("with x as (insert into park values (1) returning *) select * from x", "not_reading"),
    "a_copy_inside": ("select * from (copy observation to '/tmp/x')", "syntax"),
    "select_into": ("select 1 into x", "syntax"),
    "for_update_of_a_file": ("select 1 from '/etc/passwd' for update", "syntax"),
    # parameters that nobody gives
    "positional_parameter": ("select ?", "syntax"),
    "numbered_parameter": ("select $1", "syntax"),
    "named_parameter": ("select $sql", "syntax"),
    "parameter_as_limit": ("select 1 limit ?", "syntax"),
}

FILES = ("/etc/passwd", "file.csv", "data/sources/park.csv", "x.parquet", "x.json", "s3://b/x.parquet", "*.csv")
TABLES = {
    **{f"file_{path}": f"from '{path}'" for path in FILES},
    "file_quoted": 'from "/etc/passwd"',
    "file_over_http": "from 'https://example.org/x.csv'",
    "file_of_this_process": "from '/proc/self/environ'",
    "file_after_join": "from observation join '/etc/passwd' on true",
    "file_in_a_subquery": "select (select count(*) from '/etc/passwd')",
    "file_in_exists": "select 1 where exists (from 'x.csv')",
    "file_in_union": "select 1 union all from 'x.csv'",
    "file_in_with": "with a as (from '/etc/passwd') select 1",
    "file_in_pivot": "pivot '/etc/passwd' on a in (1) using count(*)",
    "file_in_unpivot": "unpivot 'x.csv' on a",
    "file_in_lateral": "from observation, lateral (from 'x.csv')",
    "file_in_order": "select 1 order by (select 1 from 'x.csv')",
    "file_in_qualify": "select 1 qualify (select true from 'x.csv')",
    "file_in_a_window": "select sum(1) over (order by (select 1 from 'x.csv'))",
    "file_in_a_filter": "select sum(1) filter (where (select true from 'x.csv'))",
    "file_in_values": "values ((select 1 from 'x.csv'))",
    "file_in_a_lambda": "select list_transform([1], lambda x: (select 1 from 'x.csv'))",
    "file_in_columns": "select columns(lambda c: (select true from 'x.csv')) from observation",
    "file_in_limit": "select 1 limit (select 1 from 'x.csv')",
    "file_as_table": "table '/etc/passwd'",
    "duckdb_settings": "from duckdb_settings",
    "duckdb_tables": "from duckdb_tables",
    "duckdb_databases": "from duckdb_databases",
    "duckdb_logs": "from duckdb_logs",
    "duckdb_views": "from duckdb_views",
    "pragma_database_list": "from pragma_database_list",
    "pragma_in_capitals": 'from "PRAGMA_DATABASE_LIST"',
    "sqlite_master": "from sqlite_master",
    "sqlite_schema": "from main.sqlite_schema",
    "pg_settings": "from pg_settings",
    "pg_class": "from pg_catalog.pg_class",
    "pg_database": "select datname from pg_database",
    "information_schema": "from information_schema.tables",
    "information_schema_quoted": 'from "information_schema"."columns"',
    "system": "from system.main.duckdb_tables",
    "temp": "from temp.sqlite_master",
    "another_schema": "from other.observation",
    "another_database": "from memory.main.observation",
    "the_name_of_the_file": "from park.main.observation",
    "the_database_as_a_file": "from 'park.duckdb'",
    "a_variable_of_python": "from connection",
    "a_variable_of_the_judge": "from statements",
    "recurring": "with recursive a(x) using key (x) as (select 1 union select x from recurring.a) from a",
    "a_name_of_with_outside_it": "select * from (with a as (select 1) from a) b, a",
    "a_name_of_with_before_it": "with a as (from b), b as (select 1) from a",
    "itself_without_recursion": "with a as (from a) from a",
    "a_view_before_the_union": "with recursive pragma_database_list as (from pragma_database_list union all "
    "from pragma_database_list where false) from pragma_database_list",
    "a_view_named_in_with": "with sqlite_master as (select 1) from sqlite_master",
    "a_view_of_pg_named_in_with": "with pg_settings as (select 1) from pg_settings",
    "a_view_in_capitals_in_with": 'with "Duckdb_Settings" as (select 1), "DUCKDB_LOGS" as (select 1) select 2',
    "a_file_before_the_union": "with recursive \"x.csv\"(a) as (select 1 from \"x.csv\" union all "
    'select a from "x.csv") from "x.csv"',
    "kelvin_sign_in_a_name": "from duc\u212adb_tables",
    "long_s_in_a_name": "from ob\u017fervation",
    "cyrillic_letters_in_a_name": "from \u043ebservation",
    "full_width_letters_in_a_name": "from ｐａｒｋ",
    "a_name_with_a_zero_width_space": 'from "observation\u200b"',
    "a_name_with_a_space": 'from "observation "',
}  # fmt: skip

CALLS = {
    "read_csv": "from read_csv('/etc/passwd')",
    "read_csv_auto": "from read_csv_auto('x.csv', header = false)",
    "read_csv_in_capitals": "from READ_CSV('x.csv')",
    "read_csv_quoted": "from \"read_csv\"('x.csv')",
    "read_csv_of_main": "from main.read_csv('x.csv')",
    "read_csv_of_system": "from system.main.read_csv('x.csv')",
    "read_text": "from read_text('/etc/passwd')",
    "read_text_as_a_method": "select ('/etc/passwd').read_text()",
    "read_blob": "from read_blob('/proc/self/environ')",
    "read_json": "from read_json('x.json')",
    "read_ndjson": "from read_ndjson('x.json')",
    "read_json_objects": "from read_json_objects('x.json')",
    "read_parquet": "from read_parquet('s3://b/x.parquet')",
    "read_parquet_over_http": "from read_parquet('http://169.254.169.254/latest/meta-data')",
    "parquet_scan": "from parquet_scan(['a', 'b'])",
    "parquet_metadata": "from parquet_metadata('x.parquet')",
    "parquet_schema": "from parquet_schema('x.parquet')",
    "parquet_kv_metadata": "from parquet_kv_metadata('x.parquet')",
    "parquet_bloom_probe": "from parquet_bloom_probe('x.parquet', 'a', 1)",
    "read_duckdb": "from read_duckdb('x.duckdb')",
    "read_xlsx": "from read_xlsx('x.xlsx')",
    "st_read": "from st_read('x.shp')",
    "sqlite_scan": "from sqlite_scan('x.db', 'a')",
    "postgres_scan": "from postgres_scan('host=localhost', 'public', 'a')",
    "delta_scan": "from delta_scan('x')",
    "iceberg_scan": "from iceberg_scan('x')",
    "glob": "from glob('/*')",
    "sniff_csv": "from sniff_csv('/etc/passwd')",
    "arrow_scan": "from arrow_scan(1, 2, 3)",
    "pandas_scan": "from pandas_scan(140000000)",
    "python_map_function": "from python_map_function(1)",
    "http_get": "select http_get('http://example.org')",
    "query": "from query('select 1')",
    "query_with_a_file": "from query('from read_text(''/etc/passwd'')')",
    "query_table": "from query_table('duckdb_settings')",
    "query_table_of_several": "from query_table(['observation', 'park'])",
    "json_execute_serialized_sql": "from json_execute_serialized_sql('{}')",
    "json_serialize_sql": "select json_serialize_sql('select 1')",
    "json_deserialize_sql": "select json_deserialize_sql('{}')",
    "json_serialize_plan": "select json_serialize_plan('select 1')",
    "getenv": "select getenv('HOME')",
    "getenv_as_a_method": "select 'PATH'.getenv()",
    "getenv_in_a_lambda": "select list_transform(['HOME'], lambda x: getenv(x))",
    "getenv_in_a_comprehension": "select [getenv(x) for x in ['HOME', 'PATH']]",
    "getenv_in_a_condition_of_one": "select [x for x in ['HOME'] if getenv(x) is not null]",
    "getenv_in_case": "select case when true then getenv('HOME') end",
    "getenv_in_between": "select 1 where 'a' between getenv('A') and 'z'",
    "getenv_in_columns": "select columns(lambda c: c = getenv('A')) from observation",
    "getenv_in_replace": "select * replace (getenv('HOME') as note_en) from observation",
    "getenv_in_a_frame": "select sum(1) over (rows between getenv('A')::int preceding and current row)",
    "getenv_in_group_by": "select 1 from observation group by getenv('A')",
    "getenv_in_distinct_on": "select distinct on (getenv('A')) 1",
    "getenv_in_order_of_an_aggregate": "select list(value order by getenv('A')) from observation",
    "getenv_in_join": "from observation join park on getenv('A') = park.park_id",
    "getenv_in_range": "from range(getenv('A')::int)",
    "getenv_in_pivot": "pivot observation on period in ('2013') using any_value(getenv('A'))",
    "getenv_in_sample": "select getenv('A') from observation using sample 1",
    "getenv_in_a_struct": "select {'a': getenv('A')}",
    "getenv_after_union": "select 1 union select getenv('A')",
    "getenv_with_a_full_width_letter": "select ｇetenv('HOME')",
    "getvariable": "select getvariable('x')",
    "current_setting": "select current_setting('secret_directory')",
    "current_setting_of_pg": "select pg_catalog.current_setting('home_directory')",
    "current_database": "select current_database()",
    "current_schemas": "select current_schemas(true)",
    "current_query": "select current_query()",
    "current_user": "select current_user",
    "current_catalog": "select current_catalog",
    "current_role_in_capitals": "select CURRENT_ROLE",
    "session_user": "select session_user",
    "user": "select user",
    "version": "select version()",
    "txid_current": "select txid_current()",
    "inet_server_addr": "select inet_server_addr()",
    "pg_postmaster_start_time": "select pg_postmaster_start_time()",
    "in_search_path": "select in_search_path('a', 'b')",
    "duckdb_settings": "from duckdb_settings()",
    "duckdb_secrets": "from duckdb_secrets(redact = false)",
    "which_secret": "from which_secret('s3://a', 's3')",
    "duckdb_databases": "from duckdb_databases()",
    "duckdb_logs": "from duckdb_logs()",
    "duckdb_log_contexts": "from duckdb_log_contexts()",
    "duckdb_extensions": "from duckdb_extensions()",
    "duckdb_functions": "from duckdb_functions()",
    "duckdb_memory": "from duckdb_memory()",
    "duckdb_temporary_files": "from duckdb_temporary_files()",
    "duckdb_external_file_cache": "from duckdb_external_file_cache()",
    "duckdb_variables": "from duckdb_variables()",
    "duckdb_prepared_statements": "from duckdb_prepared_statements()",
    "pragma_database_size": "from pragma_database_size()",
    "pragma_storage_info": "from pragma_storage_info('observation')",
    "pragma_platform": "from pragma_platform()",
    "pragma_user_agent": "from pragma_user_agent()",
    "pragma_version": "from pragma_version()",
    "enable_logging": "from enable_logging(storage = 'file')",
    "enable_profiling": "from enable_profiling()",
    "write_log": "select write_log('x')",
    "checkpoint": "from checkpoint()",
    "nextval": "select nextval('x')",
    "setseed": "select setseed(0.5)",
    "sleep": "select sleep_ms(60000)",
    "pg_sleep": "select pg_sleep(60)",
    "error": "select error('x')",
    "stats": "select stats(value) from observation",
    "register_external_resource": "from register_external_resource('a')",
    "test_all_types": "from test_all_types()",
    "seq_scan": "from seq_scan('observation')",
    "repeat_row": "from repeat_row(1, num_rows = 1000000000000)",
    "pg_timezone_names": "from pg_timezone_names()",
    "a_cast_by_name": "select cast_to_type(1, 'a')",
    "a_known_function_of_another_schema": "select other.abs(1)",
    "a_known_function_of_the_system": "select system.main.abs(1)",
    "an_unknown_function": "select abso(1)",
    "an_unknown_operator": "select 1 <~~> 2",
    "an_aggregate_that_hands_out_its_state": "select sum(value) export_state from observation",
    "a_window_function_of_our_own": "select getenv('A') over ()",
}

UNREADABLE = {
    "nul": "select 1\0; drop table observation",
    "nul_in_a_text": "select 'a\0b'",
    "half_a_character": "select '\ud800'",
    "half_a_character_as_a_name": "select 1 as \udfff",
    "deep_brackets": "select " + "(" * 4000 + "1" + ")" * 4000,
    "deep_lists": "select " + "[" * 4000 + "1" + "]" * 4000,
    "deep_subqueries": "select " + "(select " * 1000 + "1" + ")" * 1000,
    "deep_additions": "select " + "1+" * 4900 + "1",
    "deep_negations": "select " + "not " * 2400 + "true",
    "deep_calls": "select " + "abs(" * 1900 + "1" + ")" * 1900,
    "open_quote": "select 'a",
    "open_comment": "select 1 /*",
    "dot_command": ".shell ls",
    "another_dialect": "select top 1 * from observation",
    "typographic_quotes": "select ‘/etc/passwd’ from",
}

LARGE = {
    "endless_recursion": "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t",
    "recursion_that_doubles": "with recursive t(n) as (select 1 union all select n from t, range(2)) select 1 from t",
    "text_that_doubles": "with recursive t(s) as (select 'x' union all select s || s from t) select max(s) from t",
    "cross_join": "select count(*) from observation a, observation b, observation c, observation d "
    "where sqrt(abs(a.value + b.value)) + sqrt(abs(c.value - d.value)) = 0",
    "cross_join_of_ranges": "select sum(a.range * b.range) from range(10000000) a, range(10000000) b",
    "cross_join_of_rows": "select * from observation a, observation b",
    "generate_series": "from generate_series(1, 100000000000000)",
    "sum_over_a_long_series": "select sum(sqrt(generate_series)) from generate_series(1, 100000000000000)",
    "list_of_a_long_range": "select length(range(100000000000))",
    "sorted_range": "select list_sort(range(100000000), 'desc')[1]",
    "repeat": "select length(repeat('x', 100000000000))",
    "repeat_of_a_list": "select length(repeat([1], 100000000000))",
    "lpad": "select length(lpad('x', 2000000000, 'y'))",
    "rpad": "select length(rpad('x', 2000000000, 'y'))",
    "printf_width": "select length(printf('%2000000000d', 1))",
    "format_width": "select length(format('{:>2000000000}', 'x'))",
    "replace_that_grows": "select length(replace(repeat('x', 100000000), 'x', repeat('y', 1000)))",
    "string_agg": "select length(string_agg(repeat('x', 1000000), '')) from range(100000)",
    "list_agg": "select length(list(range)) from range(10000000000)",
    "list_resize": "select length(list_resize([1], 100000000000, 1))",
    "array_zip": "select length(list_zip(range(100000000), range(100000000)))",
    "flatten": "select length(flatten([range(10000000) for x in range(1000)]))",
    "wide_text": "select repeat('x', 100000) from range(10000)",
    "too_many_rows": "from range(100001)",
    "too_many_columns": f"select {','.join(['1'] * 1001)}",
    "bit_text": "select length(bitstring('1', 2000000000))",
    "factorial_join": "select count(*) from range(10000000) a, range(1000) b "
    "where factorial((a.range % 20)::int) + sqrt(b.range) < 0",
    "levenshtein": "select levenshtein(repeat('a', 200000), repeat('b', 200000))",
    "damerau_levenshtein": "select damerau_levenshtein(repeat('a', 200000), repeat('b', 200000))",
    "jaccard_of_many": "select sum(jaccard(a.range::varchar, b.range::varchar)) from range(100000) a, range(100000) b",
    "regex_backtracking": "select count(*) from range(1000000) "
    "where regexp_matches(repeat('a', 2000) || range, '(a+)+$|(a|aa)+b')",
    "regex_that_repeats": "select max(regexp_replace(repeat('a', 1000) || range, '(a{1,500}){1,2}', 'bb', 'g')) "
    "from range(100000000)",
    "like_backtracking": "select count(*) from range(100000000) "
    "where (repeat('a', 900) || range) like '%a%a%a%a%a%a%a%a%b'",
    "busy_waiting": "select max(md5(range::varchar)) from range(100000000000)",
    "window_over_all": "select sum(quantile_cont(a.range, 0.5)) over (order by a.range) from range(1000000) a",
    "sorted_by_chance": "select count(*) from (from range(1000000000) order by random())",
    "histogram": "select length(histogram(range)::varchar) from range(1000000000)",
    "many_groups": "select count(*) from (select range, count(*) from range(1000000000) group by range)",
    "distinct_texts": "select count(distinct md5(range::varchar)) from range(1000000000)",
    "json_that_grows": "select length(json_group_array(range)::varchar) from range(1000000000)",
    "nested_json": "select length(json_pretty((repeat('[', 1000000) || repeat(']', 1000000))::json))",
    "unnest_of_ranges": "select count(*) from (select unnest(range(1000000)) from range(1000000))",
    "correlated": "select sum((select count(*) from observation b where b.value > a.value + c.value "
    "and b.value < d.value)) from observation a, observation c, observation d",
}  # fmt: skip


@pytest.fixture
def machine(park_database: Path) -> set[str]:
    """What a refusal must not tell."""
    told = {str(park_database), str(park_database.parent), park_database.name, str(ROOT), sys.prefix, sys.executable}
    told |= {socket.gethostname(), str(Path.home()), os.environ.get("PATH", "?"), duckdb.__version__, "sandbox_worker"}
    return {text for text in told if len(text) > 3}


@pytest.fixture
def refusal(park_database: Path, machine: set[str]):
    """The refusal of a statement, once it is seen to tell nothing of the machine."""

    def ask(sql: str) -> run.Refused:
        with pytest.raises(run.Refused) as caught:
            run.run_query(sql)
        told = " ".join([str(caught.value), caught.value.detail, caught.value.near])
        assert not [text for text in machine if text in told and text not in sql]
        assert str(caught.value).startswith(run.MESSAGES[caught.value.code].split("{")[0])
        return caught.value

    return ask


@pytest.mark.parametrize(("sql", "code"), FORMS.values(), ids=FORMS)
def test_a_form_that_does_more_than_read_is_refused(sql, code, refusal):
    assert refusal(sql).code == code


@pytest.mark.parametrize("sql", TABLES.values(), ids=TABLES)
def test_what_is_no_published_table_is_not_read(sql, refusal):
    assert refusal(sql).code in ("table", "syntax")


@pytest.mark.parametrize("sql", CALLS.values(), ids=CALLS)
def test_a_function_that_is_not_on_the_list_is_not_called(sql, refusal):
    assert refusal(sql).code == "function"


@pytest.mark.parametrize("sql", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_says_so(sql, refusal):
    assert refusal(sql).code == "syntax"


@pytest.mark.parametrize("sql", LARGE.values(), ids=LARGE)
def test_what_would_take_all_the_machine_has_meets_a_limit(sql, refusal, monkeypatch):
    monkeypatch.setattr(run, "SECONDS", 1.0)
    assert refusal(sql).code in ("timeout", "memory", "rows", "columns", "bytes", "failed", "syntax")


def test_every_function_of_the_installed_duckdb_that_is_not_on_the_list_is_refused(refusal):
    allowed, tables = read_functions()
    names = duckdb.sql("select distinct function_name from duckdb_functions()").fetchall()
    others = sorted({str(name) for (name,) in names if lower_ascii(str(name)) not in allowed | tables})
    assert {"getenv", "read_csv", "glob", "duckdb_settings", "query", "sniff_csv", "current_setting"} <= {
        *others,
        "getenv",
    }
    for name in others:
        for sql in (f'select "{name}"()', f'from "{name}"()'):
            assert refusal(sql).code == "function", sql


def test_the_list_names_no_function_that_reads_a_file_or_the_catalogue():
    allowed, tables = read_functions()
    assert tables == {"generate_series", "json_each", "json_tree", "range", "unnest"}
    kinds = duckdb.sql("select lower(function_name), list(distinct function_type) from duckdb_functions() group by all")
    only_tables = {name for name, found in kinds.fetchall() if set(found) <= {"table", "table_macro", "pragma"}}
    assert only_tables & allowed == {"unnest"}
    reading = re.compile(r"(read|pragma|duckdb|pg|parquet|sniff|glob|getenv|getvar|query|current_(set|data|sch))")
    assert [name for name in allowed if reading.match(name)] == []


def test_every_view_of_the_installed_duckdb_is_refused_even_as_a_name_of_with(refusal):
    for schema, view in duckdb.sql("select schema_name, view_name from duckdb_views()").fetchall():
        for sql in (f'from "{view}"', f'from "{schema}"."{view}"', f'with "{view}" as (select 1) from "{view}"'):
            assert refusal(sql).code == "table", sql


def test_a_statement_that_is_too_long_is_told_its_length(refusal):
    error = refusal("select '" + "x" * run.LENGTH + "'")
    assert (error.code, error.detail) == ("too_long", "10,009")
    assert str(error) == "The statement has 10,009 characters. Shorten it to 10,000."


def test_a_long_list_of_values_is_read_as_far_as_the_length_goes(park_database):
    numbers = ",".join(str(number) for number in range(2000))
    assert run.run_query(f"select 1999 in ({numbers}) as found").rows() == [(True,)]


def test_the_same_seed_gives_nobody_the_chance_of_another(park_database):
    assert run.run_query("select random() as x")["x"][0] != run.run_query("select random() as x")["x"][0]


def test_every_refusal_says_how_to_mend_it():
    assert {message[-1] for message in limits.MESSAGES.values()} <= {".", "}"}
