"""One refresh from start to end: ask, weigh, make an edition, take it up, tell.

Until the edition is taken up by one rename nothing the map reads has changed; a refresh that is stopped or killed
leaves folders that the next one tidies.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

from geo.errors import FormatError
from layers import catalogue, editions, numbers
from layers.catalogue import Catalogue
from layers.refresh import RefreshError, making, report
from layers.refresh.asking import Answer, Watch, Words, ask, disk_fault, reread, territory
from layers.refresh.changes import broken_limits
from layers.refresh.edition import described, origins_of, write_edition
from layers.refresh.merge import Laid, Said, lay_over
from layers.refresh.outcome import Outcome, Report, State
from layers.refresh.store import PART, Held, Kept, Live, now, settle
from layers.refresh.titles import table_title
from layers.relief import terrain
from layers.sources import SourceError
from layers.sources.connector import Connector, Territory
from layers.text import both

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a refresh.

    `sources`: connectors to ask, all when empty. `since`: only those last asked before that day. `accept`: take what of
    these is held, or comes now, past the limits. `kept`: ask nobody. `back`: the edition before.
    """

    sources: tuple[str, ...] = ()
    dry_run: bool = False
    since: date | None = None
    accept: tuple[str, ...] = ()
    kept: bool = False
    back: bool = False


def refresh(
    order: Order, connectors: Mapping[str, Connector], *, live: Path, base: Path, watch: Watch | None = None
) -> Report:
    """Bring what can be up to date and say what changed. KeyboardInterrupt leaves all as it was.

    Raises RefreshError for what cannot be done as a whole: an unknown source, a folder that cannot be written, another
    refresh under way, base data that cannot be built. Then nothing the map reads was changed.
    """
    strange = [name for name in (*order.sources, *order.accept) if name not in connectors]
    if strange:
        raise RefreshError(f"unknown source {strange[0]!r}: expected one of {', '.join(connectors) or 'none'}")
    store = Live(live)
    if not order.dry_run:
        store.prepare()
    with contextlib.ExitStack() as stack:
        if store.root.is_dir():
            stack.enter_context(store.locked())
        if not order.dry_run:
            store.tidy()
        if order.back:
            return _back(store, order, base)
        work = stack.enter_context(_workplace(store, order))
        try:
            return _Run(order, connectors, store, base, work, watch or _silent).go()
        except (OSError, FormatError) as error:
            reason = disk_fault(error, store.editions)
            if not reason and isinstance(error, FormatError):
                raise
            raise RefreshError(reason or f"cannot write {live}: {error}; choose another folder with --out") from error


def _silent(*_: object) -> None:
    """Tell nobody."""


@contextlib.contextmanager
def _workplace(store: Live, order: Order) -> Iterator[Path]:
    """Give a folder for what is only tried; it goes in any case."""
    made = Path(tempfile.mkdtemp(prefix="provence-map-refresh-"))
    try:
        yield made if order.dry_run else store.editions
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _back(store: Live, order: Order, base: Path) -> Report:
    """Take the edition before up again, with the answers it was made with; what it was not made with is set aside."""
    current, previous = store.in_force(), store.previous()
    if previous is None:
        raise RefreshError(f"there is no earlier edition in {store.root} to go back to")
    edition = editions.read_edition(previous)
    if edition is None:
        raise RefreshError(f"{previous} holds no {editions.EDITION}: it cannot be taken up")
    try:
        editions.checked(previous, base)
    except editions.EditionError as error:
        raise RefreshError(f"the edition before cannot be taken up: {error}") from error
    done = Report(_at(), version("provence-map"), order.dry_run, edition.id, current.name if current else "", back=True)
    if order.dry_run:
        return done
    left = editions.read_edition(current) if current else None
    for connector, stamp in (left.stamps if left else {}).items():
        if edition.stamps.get(connector) != stamp:
            # The same answer comes again with the next refresh: a person has said no to it.
            said = both("refresh.set_aside", day=_at()[:10])
            store.hold(connector, Held(stamp, _at(), (said,), ""))
    for connector, stamp in edition.stamps.items():
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            kept = store.kept(connector, stamp)
            store.count(connector, stamp, kept.checked_at)
    for connector in set(left.stamps if left else ()) - set(edition.stamps):
        store.forget(connector)
    store.take_up(edition.id)
    report.write(done, store.root)
    return done


def _at() -> str:
    return now().isoformat()


@dataclass(slots=True)
class _Run:
    """A refresh under way.

    `kept`: what is kept of sources; `found`: what they say that is new; `checked`: when services were last asked.
    """

    order: Order
    connectors: Mapping[str, Connector]
    store: Live
    base: Path
    work: Path
    watch: Watch
    kept: dict[str, Answer] = field(default_factory=dict)
    found: dict[str, Answer] = field(default_factory=dict)
    checked: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    parts: list[Path] = field(default_factory=list)

    def go(self) -> Report:
        """Do all of it."""
        known, place = catalogue.read(self.base), territory(self.base)
        done = Report(_at(), version("provence-map"), self.order.dry_run)
        try:
            for connector in self.connectors.values():
                self._gather(connector, place)
            self._weigh(known, place)
            self._make(known, place, done)
        finally:
            for part in self.parts:
                shutil.rmtree(part, ignore_errors=True)
        if not self.order.dry_run:
            report.write(done, self.store.root, made=self.store.editions / done.edition if done.edition else None)
            self.store.tidy()
        return done

    # Asking

    def _asked(self, name: str, kept: Kept | None) -> bool:
        """Tell whether the service of a source is to be asked."""
        order = self.order
        if order.kept or (order.accept and not order.sources) or (order.sources and name not in order.sources):
            return False
        return order.since is None or kept is None or kept.day < order.since.isoformat()

    def _gather(self, connector: Connector, place: Territory) -> None:
        """Read what is kept of a source, and ask it where it is to be asked."""
        name, kept = connector.id, self.store.current(connector.id)
        asked = self._asked(name, kept)
        if kept is not None:
            answer = reread(connector, kept, place)
            if isinstance(answer, Outcome):
                self.outcomes[name] = answer
            else:
                self.kept[name] = answer
                self.checked[name] = kept.checked_at
                self.outcomes[name] = self._outcome("kept", answer)
        if asked:
            self._ask(connector, kept, place)
        elif name in self.order.accept:
            self._accepted(connector, place)
        held = self.store.held(name)
        if held is not None and name not in self.found and self._state(name) in ("", "kept"):
            # It still waits, whoever was asked today.
            self.outcomes[name] = Outcome(name, "held", held.reasons, day=held.at[:10])

    def _state(self, name: str) -> str:
        return self.outcomes[name].state if name in self.outcomes else ""

    def _accepted(self, connector: Connector, place: Territory) -> None:
        """Take what of a source is held, past the limits."""
        held = self.store.held(connector.id)
        if held is None:
            raise RefreshError(f"nothing of {connector.id} is held: there is nothing to accept")
        answer = reread(connector, self.store.kept(connector.id, held.stamp), place)
        if isinstance(answer, Outcome):
            self.outcomes[connector.id] = answer
        else:
            self.found[connector.id] = answer

    def _ask(self, connector: Connector, kept: Kept | None, place: Territory) -> None:
        name = connector.id
        if self.order.dry_run:
            part = self.work / name
            part.mkdir()
        else:
            part = self.store.begin(name)
        self.parts.append(part)
        old = self.kept.get(name)
        answer = ask(connector, part, place, partial(self.watch, name), kept=kept, known=old)
        if isinstance(answer, Outcome):
            self.outcomes[name] = answer
            return
        if old is not None and old.says_as(answer):
            self.checked[name] = answer.checked_at
            self.outcomes[name] = self._outcome("same", answer)
            return
        if not self.order.dry_run:
            answer = answer.moved(self.store.keep(name, part, answer.fetched), part.parent)
        self.found[name] = answer

    def _outcome(self, state: State, answer: Answer, said: Sequence[Words] = ()) -> Outcome:
        """Return what became of a source that answered."""
        name, fetched = answer.source, answer.fetched
        size = sum(one.bytes for one in fetched.received)
        day = self.checked.get(name, answer.checked_at)[:10] if state in ("kept", "same") else answer.checked_at[:10]
        return Outcome(name, state, tuple(said), fetched.rows, size, round(answer.seconds, 1), fetched.vintage, day)

    # Weighing

    def _weigh(self, known: Catalogue, place: Territory) -> None:
        """Hold what breaks a limit, or was held or set aside before; refuse what speaks of what it may not."""
        kept = self._said(self.kept)
        before: Laid | None = None
        for name, answer in list(self.found.items()):
            one = answer.said(self.connectors[name])
            try:
                before = before or self._laid(kept, known, place)
                after = self._laid({**kept, name: one}, known, place)
            except SourceError as error:
                del self.found[name]
                self.outcomes[name] = self._outcome("refused", answer, [error.said])
                continue
            if name in self.order.accept:
                continue
            waiting = self.store.held(name)
            if waiting is not None and self._same(waiting, answer, place):
                self._hold(name, waiting.reasons)
            elif reasons := broken_limits(before, after, one, known.limits, known=name in kept):
                self._hold(name, reasons)

    def _hold(self, name: str, reasons: Sequence[Words]) -> None:
        """Stop what a source says now for review."""
        answer = self.found.pop(name)
        if not self.order.dry_run:
            self.store.hold(name, Held(answer.stamp, _at(), tuple(reasons), answer.digest))
        self.outcomes[name] = self._outcome("held", answer, reasons)

    def _same(self, held: Held, answer: Answer, place: Territory) -> bool:
        """Tell whether a source says again what is held."""
        if held.digest:
            return held.digest == answer.digest
        read = reread(self.connectors[answer.source], self.store.kept(answer.source, held.stamp), place)
        return isinstance(read, Answer) and read.digest == answer.digest

    def _laid(self, said: Mapping[str, Said], known: Catalogue, place: Territory) -> Laid:
        ordered = [said[name] for name in self.connectors if name in said]
        return lay_over(self.base, ordered, known.authority, place.communes)

    def _said(self, answers: Mapping[str, Answer]) -> dict[str, Said]:
        """Return what sources say, each with the day its service was last asked."""
        said = {name: answer.said(self.connectors[name]) for name, answer in answers.items()}
        return {name: replace(one, day=self.checked.get(name, one.day)[:10]) for name, one in said.items()}

    # Making

    def _make(self, known: Catalogue, place: Territory, done: Report) -> None:
        """Make an edition of what is kept and found, and take it up, unless all is as it was."""
        force = in_force(self.store, self.base)
        done.previous = force.name if force else ""
        taken = {name: answer.said(self.connectors[name]) for name, answer in self.found.items()}
        kept = self._said(self.kept)
        if (taken or kept) and not self._settled(force):
            choices = [
                tuple(one[name] for one in (taken, kept) if name in one)
                for name in self.connectors
                if name in taken or name in kept
            ]
            name = self.store.edition_name()
            part = self.work / f"{PART}{name}"
            self.parts.append(part)
            made = making.made(self.base, part, choices, known=known, communes=place.communes)
            for source, reason in made.faults.items():
                if source in self.found:
                    self._hold(source, [reason])
                else:
                    self.outcomes[source] = self._outcome("refused", self.kept[source], [reason])
            self._finish(made, part, name, force, known, done)
        else:
            self._agreed()
        self._told(done)

    def _settled(self, force: Path | None) -> bool:
        """Tell whether the edition in force holds all that is kept, of the same days."""
        edition = editions.read_edition(force) if force else None
        if edition is None or self.found:
            return False
        stamps = {name: answer.stamp for name, answer in self.kept.items()}
        days = {name: self.store.current(name) for name in self.kept}
        asked_anew = [name for name, one in days.items() if one is None or one.day != self.checked[name][:10]]
        return dict(edition.stamps) == stamps and not asked_anew

    def _finish(
        self, made: making.Made, part: Path, name: str, force: Path | None, known: Catalogue, done: Report
    ) -> None:
        """Write an edition that was built, compare it with what is in force, and take it up."""
        stamps = {one.connector.id: self._answer(one).stamp for one in made.said}
        edition = described(
            name, done.at, editions.base_version(self.base), said=made.said, laid=made.laid, stamps=stamps, known=known
        )
        if force is not None and _alike(edition, editions.read_edition(force)):
            # What was new is held, and the rest is what it was.
            return
        tables = write_edition(part, made.tables, made.laid, origins_of(made.laid, made.tables), edition)
        # What a person gave stays until they give something else.
        terrain.carry(force, part)
        done.tables = list(making.compared(making.read_tables(force or self.base), tables))
        done.overruled = made.laid.overruled
        done.notes += [
            both("refresh.strangers", table=partial(table_title, table), n=partial(numbers.plain, n))
            for table, n in made.laid.strangers.items()
        ]
        done.edition = name
        for source, answer in self.found.items():
            # The same rows may say that they are younger.
            was = self.kept.get(source)
            self.outcomes[source] = self._outcome("same" if was and was.digest == answer.digest else "new", answer)
        self._told(done)
        if self.order.dry_run:
            return
        # The report stays with the edition: that of the live folder is of the last run, whatever came of it.
        report.write(done, part)
        part.rename(self.store.editions / name)
        settle(self.store.editions, deep=False)
        for source, answer in self.found.items():
            self.store.take(source, answer.stamp, answer.checked_at)
        self._agreed()
        current = self.store.in_force()
        self.store.take_up(name, previous=current.name if current else "")

    def _agreed(self) -> None:
        """Write down of services that say what they said before that they were asked: nothing of them waits now."""
        for source, answer in self.kept.items():
            if self._state(source) == "same" and source not in self.found and not self.order.dry_run:
                self.store.take(source, answer.stamp, self.checked[source])

    def _answer(self, one: Said) -> Answer:
        name = one.connector.id
        found = self.found.get(name)
        return found if found is not None and found.contribution is one.contribution else self.kept[name]

    def _told(self, done: Report) -> None:
        """Put into the report what became of sources, and what they want a person to see."""
        done.sources = [self.outcomes[name] for name in self.connectors if name in self.outcomes]
        spoken = [self.found.get(name) or self.kept.get(name) for name in self.connectors]
        done.doubts = [doubt for one in spoken if one for doubt in one.contribution.doubts]
        own = [note for one in spoken if one for note in one.contribution.notes]
        done.notes = [*own, *(note for note in done.notes if note not in own)]


def _alike(edition: editions.Edition, other: editions.Edition | None) -> bool:
    """Tell whether two editions are made of the same: the build gives the same tables then."""
    return other is not None and replace(edition, id=other.id, made_at=other.made_at) == other


def in_force(store: Live, base: Path) -> Path | None:
    """Return the folder of the edition the map reads; None where it reads the base."""
    folder = store.in_force()
    try:
        if folder is not None:
            editions.checked(folder, base)
    except editions.EditionError as error:
        log.debug("%s", error)
        return None
    return folder
