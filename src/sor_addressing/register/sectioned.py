"""A report of sections, as Markdown and as a page: what such reports have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sor_addressing.whole_file import Target, put_text

if TYPE_CHECKING:
    from sor_addressing.pages.sections import ReportSection


class SectionedReport:
    """A report that tells its title and its sections; how these are written is decided here."""

    __slots__ = ()

    def title(self, language: str = "en") -> str:
        """What the report is called."""
        raise NotImplementedError  # pragma: no cover

    def sections(self, language: str = "en") -> tuple[ReportSection, ...]:
        """The report part by part, as tables of texts."""
        raise NotImplementedError  # pragma: no cover

    def to_markdown(self, target: Target | None = None, *, language: str = "en") -> str:
        """The report as Markdown.

        Args:
            target: a path or an open text file to write it to; it is given back either way.
            language: ``da`` or ``en``.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.pages.sections import sections_as_markdown

        return put_text(target, sections_as_markdown(self.title(language), self.sections(language)))

    def to_html(self, target: Target | None = None, *, language: str = "en") -> str:
        """The report as one page of HTML that needs nothing else; arguments as for :meth:`to_markdown`.

        Raises:
            NotWritten: it can't be written there.
        """
        from sor_addressing.pages.sections import sections_as_html

        return put_text(target, sections_as_html(self.title(language), language, self.sections(language)))
