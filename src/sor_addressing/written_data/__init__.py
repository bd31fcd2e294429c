"""What a file of ours may hold: TOML and JSON that somebody wrote or this library did, read with bounds, every fault an error of ours."""
