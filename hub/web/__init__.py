"""Pages people see: templates, handlers, styles, catalogues."""
