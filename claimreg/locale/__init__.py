"""Labels of reports in other languages than English: a catalogue of GNU gettext for each, see `claimreg.render.labels`."""
