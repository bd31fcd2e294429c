"""What an audit found, as rows, tables, pages, workbooks and cleaning lists."""
