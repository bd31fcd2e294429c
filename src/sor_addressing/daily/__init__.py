"""Every day: downloading an extract, keeping the days in a store, holding back a bad one, serving the newest."""
