"""Check that a shared registry has the tables, indexes, functions, triggers, rules and rights that claimreg makes, and no others.

Everybody may look, with the rights that they have. Whoever owns the registry or looks after the server can change all of this, and
what this check finds as well; what was recorded is held against its own hashes, and these against one that was noted elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claimreg.store.postgres.making import scripts_of
from claimreg.store.postgres.parts import Part, Right, bare, by_name, constraint_part, index_part, parts_of, rights_of, statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimreg.store.postgres.messages import Messages

_RELATIONS = "SELECT oid FROM pg_class WHERE relnamespace = to_regnamespace(%s)"


def faults(messages: Messages, schema: str) -> Iterator[str]:
    """Yield what is not as claimreg made it, a sentence each; raises what psycopg raises."""
    ((roles,),) = messages.rows(f"SELECT roles FROM {schema}.registry")
    made, given = (list(statements(script)) for script in scripts_of(schema, roles or schema))
    expected = by_name(parts_of([*made, *(given if roles else [])]))
    found = by_name(_parts_in(messages, schema))
    for key in sorted(expected.keys() | found.keys()):
        kind, name = key
        if key not in found:
            yield f"the {kind} {name} is missing"
        elif key not in expected:
            yield f"the {kind} {name} is none of claimreg's"
        elif kind == "trigger" and found[key].form[0] == expected[key].form[0]:
            if found[key] != expected[key]:
                yield f"the trigger {name} is switched off"
        elif found[key] != expected[key]:
            yield f"the {kind} {name} is not as claimreg makes it"
    yield from _owned_by_others(messages, schema)
    yield from _rights_of_others(messages, schema, set(rights_of(given)), roles or schema)


def _parts_in(messages: Messages, schema: str) -> Iterator[Part]:
    yield from _tables_in(messages, schema)
    yield from _programs_in(messages, schema)


def _tables_in(messages: Messages, schema: str) -> Iterator[Part]:
    kinds = {"r": "table", "v": "view"}
    for name, kind, is_secured in messages.rows(
        f"SELECT relname, relkind::text, relrowsecurity FROM pg_class WHERE oid IN ({_RELATIONS}) AND relkind NOT IN ('i', 't', 'c')",
        schema,
    ):
        yield Part(kinds.get(kind, "relation"), name, (is_secured,))
    for table, name, kind, is_full, default in messages.rows(
        "SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, coalesce(pg_get_expr(adbin, adrelid), '') "
        "FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef d ON d.adrelid = attrelid AND adnum = attnum "
        f"WHERE c.oid IN ({_RELATIONS}) AND relkind = 'r' AND attnum > 0 AND NOT attisdropped",
        schema,
    ):
        yield Part("column", f"{table}.{name}", (kind, is_full, bare(default)))
    for table, definition in messages.rows(
        "SELECT relname, pg_get_constraintdef(o.oid) FROM pg_constraint o JOIN pg_class c ON c.oid = conrelid "
        f"WHERE c.oid IN ({_RELATIONS}) AND contype NOT IN ('n', 't')",
        schema,
    ):
        yield constraint_part(table, definition)
    for table, definition, is_unique, is_valid in messages.rows(
        "SELECT relname, pg_get_indexdef(indexrelid), indisunique, indisvalid AND indisready FROM pg_index i "
        f"JOIN pg_class c ON c.oid = indrelid WHERE c.oid IN ({_RELATIONS})",
        schema,
    ):
        yield index_part(table, definition.partition(" USING ")[2].removeprefix("btree "), is_unique=is_unique, is_valid=is_valid)
    for child, parent in messages.rows(
        f"SELECT inhrelid::regclass::text, relname FROM pg_inherits JOIN pg_class c ON c.oid = inhparent WHERE c.oid IN ({_RELATIONS}) "
        "AND relkind = 'r'",
        schema,
    ):
        yield Part("table", f"{child}, which adds to {parent},")


def _programs_in(messages: Messages, schema: str) -> Iterator[Part]:
    for name, arguments, result, language, volatility, is_definer, settings, body in messages.rows(
        "SELECT proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), lanname, provolatile::text, prosecdef, "
        "coalesce(proconfig, ARRAY[]::text[]), prosrc FROM pg_proc p JOIN pg_language l ON l.oid = prolang "
        "WHERE pronamespace = to_regnamespace(%s)",
        schema,
    ):
        form = (re.sub(r"\s", "", result or ""), language, volatility, is_definer, tuple(settings), body)
        yield Part("function", f"{name}({arguments})", form)
    for name, table, definition, enabled in messages.rows(
        "SELECT tgname, relname, pg_get_triggerdef(t.oid), tgenabled = 'O' FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid "
        f"WHERE c.oid IN ({_RELATIONS}) AND NOT tgisinternal",
        schema,
    ):
        yield Part("trigger", f"{name} on {table}", (bare(definition), enabled))
    for name, table, is_permissive, command, roles, using, check in messages.rows(
        "SELECT policyname, tablename, permissive = 'PERMISSIVE', cmd, roles::text[], coalesce(qual, ''), coalesce(with_check, '') "
        "FROM pg_policies WHERE schemaname = %s",
        schema,
    ):
        yield Part("policy", f"{name} on {table}", (is_permissive, command, tuple(sorted(roles)), bare(using), bare(check)))
    for name, table in messages.rows(
        f"SELECT rulename, relname FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class WHERE c.oid IN ({_RELATIONS}) "
        "AND NOT (relkind = 'v' AND rulename = '_RETURN')",
        schema,
    ):
        yield Part("rule", f"{name} on {table}")


def _owned_by_others(messages: Messages, schema: str) -> Iterator[str]:
    for name, owner in messages.rows(
        f"SELECT relname, relowner::regrole::text FROM pg_class c WHERE oid IN ({_RELATIONS}) AND relkind IN ('r', 'v') AND relowner <> "
        "(SELECT nspowner FROM pg_namespace WHERE oid = relnamespace) UNION ALL SELECT proname, proowner::regrole::text FROM pg_proc "
        "WHERE pronamespace = to_regnamespace(%s) AND proowner <> (SELECT nspowner FROM pg_namespace WHERE oid = pronamespace)",
        schema, schema,
    ):  # fmt: skip
        yield f"{name} is owned by {owner}, who does not own the registry"


def _rights_of_others(messages: Messages, schema: str, given: set[Right], roles: str) -> Iterator[str]:
    """Yield who may do what claimreg lets nobody do, or nobody of theirs; what every reader may, an administrator may give to others."""
    for_all = {(right.privilege, right.what) for right in given if right.role == f"{roles}_reader"}
    rows = messages.rows(
        "SELECT a.privilege_type, o.name, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END FROM ("
        "  SELECT nspname::text AS name, nspowner AS owner, nspacl AS acl FROM pg_namespace WHERE nspname = %s"
        f"  UNION ALL SELECT relname, relowner, relacl FROM pg_class WHERE oid IN ({_RELATIONS})"
        "  UNION ALL SELECT relname || '.' || attname, relowner, attacl FROM pg_attribute t JOIN pg_class c ON c.oid = attrelid"
        f"    WHERE c.oid IN ({_RELATIONS})"
        "  UNION ALL SELECT proname, proowner, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc"
        "    WHERE pronamespace = to_regnamespace(%s)"
        ") o, aclexplode(o.acl) a WHERE a.grantee <> o.owner",
        schema, schema, schema, schema,
    )  # fmt: skip
    for right in sorted({Right(*row) for row in rows}):
        if right not in given and (right.privilege, right.what) not in for_all:
            yield f"{right.role} may {right.privilege} {right.what}, a right that claimreg does not give"
