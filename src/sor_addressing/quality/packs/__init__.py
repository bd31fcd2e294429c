"""A pack for each hospital, administrator, region and so on: a list of what to do, a page that explains it, and a letter to mail it with."""
