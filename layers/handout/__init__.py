"""What is left in the hand after a show: a story as pages (`pdf`) and as a deck (`deck`), from its resolved form.

    from layers.handout import deck, pdf

    pages = pdf.write(story, language="en", colophon=colophon)
    slides = deck.write(story, language="fr", colophon=colophon)

`story` is what `layers.stories.resolved` gives, `colophon` the version, the date and version of the data and the
checksum. Both need nothing but the tables, and the same input gives the same bytes.
"""
