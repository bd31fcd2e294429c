"""What commands take: options, and which register they mean."""
