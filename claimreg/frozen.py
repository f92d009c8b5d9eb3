"""Values that do not change: what a frozen, keyword-only dataclass is, without compiling code for each class.

Compiling a dozen dataclasses, and importing what that takes, would cost each command a third of its start-up.

Which type a value has: `Frozen`, where it is a record or other evidence, so that a field may be added and a stored one be unknown, or
where classes build on one another; ``NamedTuple``, where a function answers with several things, or a key or row is made by the
thousand, and no field has to change; a frozen dataclass with slots, where an algorithm's value is made by the thousand and has
methods or fields worked out, in a module that no command needs to start; a plain dataclass, only where it is filled step by step
and never leaves its module's hands. A class with behaviour and no fields to compare is a plain class.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self, TypeVar, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Frozen:
    """A value with the fields that its class and the classes above it annotate; a ``ClassVar`` is no field."""

    FIELDS: ClassVar[tuple[str, ...]] = ()
    DEFAULTS: ClassVar[dict[str, Any]] = {}
    _BLANK: ClassVar[dict[str, Any]] = {}
    _NEEDED: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        """Gather the fields of the class: those of the classes above, then its own, with their defaults."""
        annotations = cls.__dict__.get("__annotations__", {})  # noqa: RUF063 -- inspect is what start-up does without
        own = [name for name, annotation in annotations.items() if not str(annotation).startswith("ClassVar")]
        above = [base for base in reversed(cls.__bases__) if issubclass(base, Frozen)]
        cls.FIELDS = (*(name for base in reversed(above) for name in base.FIELDS), *own)
        inherited = {name: value for base in above for name, value in base.DEFAULTS.items()}
        cls.DEFAULTS = {**inherited, **{name: cls.__dict__[name] for name in own if name in cls.__dict__}}
        cls._BLANK = {name: cls.DEFAULTS.get(name) for name in cls.FIELDS}
        cls._NEEDED = frozenset(cls.FIELDS) - cls.DEFAULTS.keys()

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 -- type checkers know each class's own fields
        self._fill(values)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """Make a value of fields that are in a dictionary already; raises `TypeError` as a call does, and takes half as long."""
        made = cls.__new__(cls)
        made._fill(values)  # noqa: SLF001 -- it is its own
        return made

    def _fill(self, values: dict[str, Any]) -> None:
        state = self.__dict__
        # The fields are in their own order, whichever way they are given: the hash depends on it.
        state.update(self._BLANK)
        state.update(values)
        if not values.keys() >= self._NEEDED:
            missing = next(name for name in self.FIELDS if name in self._NEEDED and name not in values)
            raise TypeError(f"{type(self).__name__} needs a value for {missing}")
        if len(state) > len(self._BLANK):
            raise TypeError(f"{type(self).__name__} has no {', '.join(name for name in values if name not in self._BLANK)}")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed; use replace()")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return self.__dict__ == other.__dict__ if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({fields})"


FrozenT = TypeVar("FrozenT", bound=Frozen)


def replace(value: FrozenT, **changes: Any) -> FrozenT:  # noqa: ANN401 -- as above
    """Return the same value with other values of these fields, like `dataclasses.replace`."""
    return type(value)(**{**vars(value), **changes})
